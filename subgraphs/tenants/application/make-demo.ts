import { newId, type TenantId, type UserId } from '../../../platform/ids.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { ApiKey } from '../domain/api-key.ts';
import type { Ports, Tokens } from '../domain/ports.ts';
import type { Role } from '../domain/role.ts';
import { SCOPES } from '../domain/scopes.ts';
import { Tenant } from '../domain/tenant.ts';

const SLUG = 'demo';
const ROLES: readonly Role[] = ['OWNER', 'ADMIN', 'MEMBER', 'GUEST'];

export interface DemoGiven { users: readonly { email: string; userId: UserId }[] }

/** The tenant of the demonstration: made once, then only completed. Its people come owner, admin, member, guest. */
export const makeDemo = (given: { work: Work<Ports>; tokens: Tokens }) => async ({ users }: DemoGiven): Promise<{ tenant: string; tenantId: TenantId; apiKey: string }> => {
  const owner = users[0]!.userId;
  const as = (tenantId: TenantId | null): Scope => ({ kind: 'system', id: 'system:tenants', userId: owner, tenantId });
  const tenantId = await given.work(as(null), async ({ tenants }) => (await tenants.bySlug(SLUG))?.id) ?? newId('tnt');

  return given.work(as(tenantId), async ({ tenants, memberships, apiKeys }) => {
    let tenant = await tenants.locked(tenantId);
    if (!tenant) {
      tenant = Tenant.found({ id: tenantId, slug: SLUG, name: 'Demo', sandbox: false, by: owner });
      tenants.add(tenant);
    }
    const here = new Set((await memberships.among(tenantId, users.map(({ userId }) => userId))).map(({ userId }) => userId));
    for (const [at, { userId }] of users.entries()) {
      if (!here.has(userId)) memberships.add(tenant.join(userId, ROLES[at] ?? 'GUEST'));
    }
    const { text, ...mark } = given.tokens.demoKey(tenant);
    if (!await apiKeys.byHash(tenantId, mark.hash)) {
      apiKeys.add(ApiKey.create({ tenantId, createdBy: owner, mark, terms: { name: SLUG, scopes: SCOPES.map(({ name }) => name) } }));
    }
    return { tenant: SLUG, tenantId, apiKey: text };
  });
};
