import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../platform/ids.ts';
import { ApiKey, OVERLAP_SECONDS_MAX } from './api-key.ts';

const DAY_MS = 86_400_000;
const key = (expiresAt: Date | null = null) =>
  ApiKey.create({ tenantId: newId('tnt'), createdBy: newId('usr'), mark: { hash: 'one', prefix: 'p1' }, terms: { name: 'robot', scopes: ['ai:ask'], expiresAt } });

describe('an API key', () => {
  it('admits its secret, and the one before it until the overlap ends', () => {
    const rotated = key();
    expect([rotated.admits('one'), rotated.admits('two')]).toEqual([true, false]);
    rotated.rotate({ hash: 'two', prefix: 'p2' }, 60);
    expect([rotated.admits('one'), rotated.admits('two')]).toEqual([true, true]);
    expect([rotated.admits('one', Date.now() + 61_000), rotated.admits('two', Date.now() + 61_000)]).toEqual([false, true]);
    rotated.rotate({ hash: 'three', prefix: 'p3' }, OVERLAP_SECONDS_MAX);
    expect([rotated.admits('one'), rotated.admits('two'), rotated.admits('three')]).toEqual([false, true, true]);
  });

  it('admits nothing once it has expired or been revoked', () => {
    const short = key(new Date(Date.now() + DAY_MS));
    expect([short.admits('one'), short.admits('one', Date.now() + DAY_MS + 1)]).toEqual([true, false]);
    const revoked = key();
    revoked.rotate({ hash: 'two', prefix: 'p2' }, 60);
    revoked.revoke();
    expect([revoked.admits('one'), revoked.admits('two')]).toEqual([false, false]);
    expect(() => revoked.update({ name: 'again' })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
