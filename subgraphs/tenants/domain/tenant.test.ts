import { describe, expect, it } from '@jest/globals';
import { takeFacts } from '../../../platform/aggregate.ts';
import { newId } from '../../../platform/ids.ts';
import { ROLES, type Role } from './role.ts';
import { Tenant } from './tenant.ts';

const found = () => {
  const tenant = Tenant.found({ id: newId('tnt'), slug: 'acme', name: ' Acme ', sandbox: false, by: newId('usr') });
  takeFacts([tenant]);
  return tenant;
};
const told = (tenant: Tenant) => takeFacts([tenant]).map(({ fact }) => fact.type);

describe('a tenant', () => {
  it('lets only an OWNER make or unmake an OWNER, an ADMIN everybody else, and nobody else anybody', () => {
    for (const actor of [...ROLES, null]) for (const from of ROLES) for (const to of ROLES) {
      const tenant = found();
      const membership = tenant.join(newId('usr'), from);
      const may = actor === 'OWNER' || (actor === 'ADMIN' && from !== 'OWNER' && to !== 'OWNER');
      const attempt = () => tenant.changeRole(membership, to, { role: actor as Role | null, owners: 2 });
      if (may) attempt();
      else expect(attempt).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
      expect(membership.role).toBe(may ? to : from);
    }
  });

  it('keeps an owner, whatever takes the last one away', () => {
    const tenant = found();
    const last = tenant.join(newId('usr'), 'OWNER');
    const by = { role: 'OWNER', owners: 1 } as const;
    for (const attempt of [() => tenant.changeRole(last, 'ADMIN', by), () => tenant.remove(last, by), () => tenant.leave(last, 1)]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'LAST_OWNER' }));
    }
    tenant.changeRole(last, 'OWNER', by);
    tenant.leave(last, 2);
  });

  it('tells nothing when nothing changed', () => {
    const tenant = found();
    const member = tenant.join(newId('usr'), 'MEMBER');
    told(tenant);
    tenant.update({ name: 'Acme', slug: 'acme' });
    tenant.setFeature('beta', false);
    tenant.changeRole(member, 'MEMBER', { role: 'ADMIN', owners: 1 });
    expect(told(tenant)).toEqual([]);
    tenant.setFeature('beta', true);
    tenant.update({ name: 'Other', slug: null });
    expect(told(tenant)).toEqual(['tenants.feature-set', 'tenants.tenant-updated']);
  });
});
