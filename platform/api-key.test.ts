import { describe, expect, it } from '@jest/globals';
import { makeApiKey, parseApiKey } from './api-key.ts';
import { newId } from './ids.ts';
import { makeTenantToken } from './tenant-token.ts';

const tenantId = newId('tnt');

describe('an API key', () => {
  it('carries its tenant, and whether it is of a sandbox', () => {
    for (const sandbox of [false, true]) {
      const key = makeApiKey({ tenantId, sandbox });
      expect(key.text).toMatch(sandbox ? /^atl_test_\w+$/ : /^atl_live_\w+$/);
      expect(parseApiKey(key.text)).toEqual({ tenantId, sandbox, hash: key.hash });
      expect(key.text.startsWith(key.prefix)).toBe(true);
      expect(key.text.length - key.prefix.length).toBeGreaterThan(40);
    }
  });

  it('is never the same twice, unless it is made from given bytes', () => {
    expect(makeApiKey({ tenantId, sandbox: false }).text).not.toBe(makeApiKey({ tenantId, sandbox: false }).text);
    const bytes = Buffer.alloc(32, 7);
    expect(makeApiKey({ tenantId, sandbox: false, bytes })).toEqual(makeApiKey({ tenantId, sandbox: false, bytes }));
  });

  it('is refused offline when any letter of it was changed', () => {
    const { text } = makeApiKey({ tenantId, sandbox: false });
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'x' ? 'y' : 'x';
      expect(parseApiKey(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
    }
  });

  it('is nothing else', () => {
    const invitation = makeTenantToken('inv', tenantId).token;
    for (const text of ['', '_', '___', 'atl_live', invitation, `${makeApiKey({ tenantId, sandbox: false }).text} `, 'x'.repeat(10_000)]) expect(parseApiKey(text)).toBeNull();
  });
});
