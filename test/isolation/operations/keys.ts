/** Keys and webhooks. */
import type { KeyState } from '../canaries.ts';
import { atLeast, has, isKnown, passes, roleOf, SCOPES, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { mutation, only, someKey, unseen, type Operation } from './choose.ts';
import { KEY, WEBHOOK } from './selections.ts';

/** What this role may hand out. */
const NEEDS_ADMIN = ['tenants:admin', 'audit:read', 'webhooks:manage'];
const NEEDS_MEMBER = ['collections:write', 'items:write', 'ai:ask'];
const within = (by: Principal, scopes: readonly string[]): boolean =>
  scopes.every((scope) => atLeast(roleOf(by), NEEDS_ADMIN.includes(scope) ? 'ADMIN' : NEEDS_MEMBER.includes(scope) ? 'MEMBER' : 'GUEST'));
const someScopes = (world: World): string[] => {
  const scopes = SCOPES.filter(() => world.chance(0.35));
  return scopes.length > 0 ? scopes : ['collections:read'];
};
const someHeld = (world: World): string[] | null => (world.chance(0.4) && world.collections.length > 0 ? [world.pick(world.collections).id, world.pick(world.collections).id] : null);
/** Of a person, for keys make no keys. */
const holds = (by: Principal, key: KeyState): boolean => isKnown(by) && tenantOf(by) === key.tenant && (by.key ? has(by, 'tenants:admin') : atLeast(roleOf(by), 'ADMIN') || key.creator === by.person);
const maker = (by: Principal): boolean => only(by, by.key === null && atLeast(roleOf(by), 'MEMBER'));
const hooks = (by: Principal): boolean => only(by, passes(by, 'ADMIN', 'webhooks:manage') && !by.key?.heldTo);

const ofHook = (field: string, selection: string, more: (world: World) => { input?: object; effect?(by: Principal, id: string, payload: any): void } = () => ({})): Operation => ({
  field: `Mutation.${field}`, weight: 0.7,
  make(world, by) {
    const all = world.tenants.flatMap((tenant) => [...tenant.webhooks.keys()].map((id) => ({ id, tenant })));
    if (all.length === 0) return null;
    const { id, tenant } = world.pick(all);
    const isHere = tenantOf(by) === tenant;
    const { input, effect } = more(world);
    return {
      document: mutation(field, selection), variables: { input: { id, ...input } }, expects: hooks(by) && isHere, ...unseen(isHere && hooks(by), id),
      ...(effect && { effect(payload: any) { effect(by, id, payload); } }),
    };
  },
});

export const keyOperations: readonly Operation[] = [
  { field: 'Query.apiKeyScopes', weight: 0.2, make: () => ({ document: '{ apiKeyScopes { name } }' }) },
  {
    field: 'Mutation.createApiKey', weight: 5,
    make(world, by) {
      const input = { name: world.word(), scopes: someScopes(world), collectionIds: someHeld(world) };
      return {
        document: mutation('createApiKey', `apiKey { ${KEY} } secret`), variables: { input }, expects: maker(by) && within(by, input.scopes),
        effect({ apiKey: { id }, secret }) {
          const tenant = by.tenant!;
          world.keys.push({ id, secret, tenant, creator: by.person!, scopes: input.scopes, heldTo: input.collectionIds, revoked: false });
          world.canaries.plant([input.name], { in: 'administration', tenant, maker: by.person! });
        },
      };
    },
  },
  {
    field: 'Mutation.updateApiKey', weight: 1,
    make(world, by) {
      const key = someKey(world, by);
      if (!key || key.revoked) return null;
      const input = { name: world.word(), scopes: someScopes(world), collectionIds: someHeld(world) };
      const held = maker(by) && holds(by, key);
      return {
        document: mutation('updateApiKey', `apiKey { ${KEY} }`), variables: { input: { id: key.id, ...input } },
        expects: held && within(by, input.scopes.filter((scope) => !key.scopes.includes(scope))), ...unseen(held, key.id),
        effect() {
          Object.assign(key, { scopes: input.scopes, heldTo: input.collectionIds });
          world.canaries.plant([input.name], { in: 'administration', tenant: key.tenant, maker: key.creator });
        },
      };
    },
  },
  {
    field: 'Mutation.rotateApiKey', weight: 0.7,
    make(world, by) {
      const key = someKey(world, by);
      if (!key || key.revoked) return null;
      const held = maker(by) && holds(by, key);
      return {
        document: mutation('rotateApiKey', `apiKey { ${KEY} } secret`), variables: { input: { id: key.id } }, expects: held && within(by, key.scopes), ...unseen(held, key.id),
        effect({ secret }) { key.secret = secret; },
      };
    },
  },
  {
    field: 'Mutation.revokeApiKey', weight: 0.7,
    make(world, by) {
      const key = someKey(world, by);
      if (!key) return null;
      const held = only(by, passes(by, 'GUEST', 'tenants:admin')) && holds(by, key);
      return { document: mutation('revokeApiKey', `apiKey { ${KEY} }`), variables: { input: { id: key.id } }, expects: held, ...unseen(held, key.id), effect() { key.revoked = true; } };
    },
  },
  {
    field: 'Mutation.createWebhook', weight: 0.7,
    make(world, by) {
      const tenant = tenantOf(by);
      if (tenant && tenant.webhooks.size >= 15) return null;
      const [path, description, enabled] = [world.word(), world.word(), world.chance(0.2)];
      return {
        document: mutation('createWebhook', `webhook { ${WEBHOOK} } secret`), variables: { input: { url: `http://127.0.0.1:9/${path}`, description, enabled, eventTypes: ['tenants.webhook-tested', 'collections.collection-created'] } },
        expects: hooks(by),
        effect({ webhook: { id } }) {
          tenant!.webhooks.set(id, enabled);
          world.canaries.plant([path, description], { in: 'administration', tenant: tenant! });
        },
      };
    },
  },
  ofHook('updateWebhook', `webhook { ${WEBHOOK} }`, (world) => {
    const description = world.word();
    return { input: { description }, effect(by) { world.canaries.plant([description], { in: 'administration', tenant: tenantOf(by)! }); } };
  }),
  ofHook('rotateWebhookSecret', `webhook { ${WEBHOOK} } secret`),
  ofHook('deleteWebhook', '__typename', () => ({ effect(by, id) { tenantOf(by)!.webhooks.delete(id); } })),
  {
    // One that is off sends nothing, which is said to whoever manages it.
    ...ofHook('sendTestWebhook', `webhook { ${WEBHOOK} }`),
    make(world, by) {
      const act = ofHook('sendTestWebhook', `webhook { ${WEBHOOK} }`).make(world, by);
      return act?.expects ? { ...act, expects: undefined } : act;
    },
  },
  {
    field: 'Mutation.redeliverWebhook', weight: 0.5,
    make(world, by) {
      const all = world.inner.filter(({ id }) => id.startsWith('whd_'));
      if (all.length === 0) return null;
      const { id, tenant } = world.pick(all);
      const may = hooks(by) && tenantOf(by) === tenant;
      return { document: mutation('redeliverWebhook', '__typename'), variables: { input: { deliveryId: id } }, ...(!may && { expects: false, ...unseen(false, id) }) };
    },
  },
];
