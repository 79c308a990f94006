import { describe, expect, it } from '@jest/globals';
import { ROLES } from './role.ts';
import { roleOfScopes, SCOPES, scopesOf, scopesWithin } from './scopes.ts';

const ALL = SCOPES.map(({ name }) => name);

describe('the scopes', () => {
  it('that a role may hand out are exactly those that keep working under it', () => {
    for (const role of ROLES) {
      const within = scopesWithin(ALL, role);
      for (const name of ALL) {
        if (within.includes(name)) expect(scopesOf([name], role)).toEqual([name]);
        else expect(() => scopesOf([name], role)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
      }
    }
    expect(scopesWithin(ALL, 'OWNER')).toEqual(ALL);
  });

  it('that nobody knows any more open nothing', () => {
    expect(scopesWithin(['gone:long-ago'], 'ADMIN')).toEqual([]);
    expect(() => scopesOf(['gone:long-ago'], 'OWNER')).toThrow(expect.objectContaining({ code: 'SCOPE_UNKNOWN' }));
  });

  it('never amount to an OWNER', () => {
    expect([roleOfScopes(ALL), roleOfScopes(['ai:ask']), roleOfScopes(['billing:read']), roleOfScopes([])]).toEqual(['ADMIN', 'MEMBER', 'GUEST', 'GUEST']);
  });
});
