/** Ids that were guessed or stolen: asked for by `node`, by `nodes`, and of the services themselves. */
import { ID_KINDS, newId, type NodePrefix } from '../../../platform/ids.ts';
import { administers, belongs, isKnown, partIn, passes, seesItem, seesJob, seesPerson, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { someCollection, someItem, someKey, unseen, type Operation } from './choose.ts';
import { seesConversation, someAsked, someConversation } from './answers.ts';
import { seesAttachment, someAttachment } from './files.ts';
import { someJob } from './jobs.ts';
import { seesSaved, someSaved } from './search.ts';
import { OF_ANY, OF_TYPE } from './selections.ts';

export interface Stolen { id: string; sees: boolean | undefined; type: string; owner: (typeof ID_KINDS)[NodePrefix]['owner'] }

/** Any id there is, and whether it is there for this caller; undefined where both are right. */
export function stolen(world: World, by: Principal): Stolen | null {
  const kind = world.pick(['collection', 'collection', 'item', 'item', 'attachment', 'job', 'person', 'tenant', 'key', 'inner', 'webhook', 'invitation', 'saved search', 'conversation', 'answer', 'approval']);
  const found = FINDERS[kind]!(world, by);
  if (!found) return null;
  return { ...found, sees: isKnown(by) && found.sees, ...ID_KINDS[found.id.slice(0, 3) as NodePrefix] };
}
type Found = { id: string; sees: boolean | undefined } | null;
const FINDERS: Record<string, (world: World, by: Principal) => Found> = {
  collection(world, by) {
    const collection = someCollection(world, by);
    return collection && { id: collection.id, sees: passes(by, 'GUEST', 'collections:read') && partIn(by, collection) !== null };
  },
  item(world, by) {
    const item = someItem(world, by);
    return item && { id: item.id, sees: passes(by, 'GUEST', 'collections:read') && seesItem(by, item) };
  },
  attachment(world, by) {
    const attachment = someAttachment(world, by);
    return attachment && { id: attachment.id, sees: passes(by, 'GUEST', 'collections:read') && seesAttachment(by, attachment) };
  },
  job(world, by) {
    const job = someJob(world, by);
    return job && { id: job.id, sees: passes(by, 'GUEST', 'collections:read') && seesJob(by, job) };
  },
  person(world, by) {
    const person = world.pick(world.people);
    return { id: person.id, sees: seesPerson(by, person, 'name', world.tenants) };
  },
  tenant(world, by) {
    const tenant = world.pick(world.tenants);
    return { id: tenant.id, sees: belongs(by, tenant) };
  },
  // Who made a key need not administer anything to see it.
  key(world, by) {
    const key = someKey(world, by);
    return key && { id: key.id, sees: tenantOf(by) === key.tenant && administers(by, key.tenant, 'tenants:admin') ? undefined : key.creator === by.person ? undefined : false };
  },
  inner(world, by) {
    if (world.inner.length === 0) return null;
    const { id, tenant } = world.pick(world.inner);
    return { id, sees: tenantOf(by) === tenant && administers(by, tenant, id.startsWith('whd') ? 'webhooks:manage' : 'audit:read') ? undefined : false };
  },
  'saved search'(world, by) {
    const saved = someSaved(world, by);
    return saved && { id: saved.id, sees: seesSaved(by, saved) };
  },
  conversation(world, by) {
    const conversation = someConversation(world, by);
    return conversation && { id: conversation.id, sees: seesConversation(by, conversation) };
  },
  answer(world, by) {
    const asked = someAsked(world, by);
    return asked && { id: asked.id, sees: seesConversation(by, asked.conversation) };
  },
  // Whoever asked sees that it waits; who decides is the policy's.
  approval(world, by) {
    if (world.approvals.length === 0) return null;
    const { id, tenant } = world.pick(world.approvals);
    return { id, sees: tenantOf(by) === tenant ? undefined : false };
  },
  webhook(world, by) {
    const all = world.tenants.flatMap((tenant) => [...tenant.webhooks.keys()].map((id) => ({ id, tenant })));
    if (all.length === 0) return null;
    const { id, tenant } = world.pick(all);
    return { id, sees: tenantOf(by) === tenant && administers(by, tenant, 'webhooks:manage') ? undefined : false };
  },
  invitation(world, by) {
    const all = world.tenants.flatMap((tenant) => tenant.invitations.map(({ id }) => ({ id, tenant })));
    if (all.length === 0) return null;
    const { id, tenant } = world.pick(all);
    return { id, sees: tenantOf(by) === tenant && administers(by, tenant, 'tenants:admin') ? undefined : false };
  },
};

export const nodeOperations: readonly Operation[] = [
  {
    field: 'Query.node', weight: 14,
    make(world, by) {
      const found = stolen(world, by);
      if (!found) return null;
      const selection = world.chance(0.2) ? '__typename' : `id ... on ${found.type} { ${OF_TYPE[found.type]} }`;
      return { document: `query($id: ID!) { node(id: $id) { ${selection} } }`, variables: { id: found.id }, trail: found.type === 'AuditEvent' || found.type === 'Tenant', expects: found.sees, ...unseen(found.sees !== false, found.id) };
    },
  },
  {
    field: 'Query.nodes', weight: 5,
    make(world, by) {
      const all = [stolen(world, by), stolen(world, by), stolen(world, by)].filter((one) => one !== null);
      const dark = all.find(({ sees }) => sees === false);
      const ids = [newId('col'), ...all.map(({ id }) => id)];
      return { document: `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ${OF_ANY} } }`, variables: { ids }, trail: all.some(({ type }) => type === 'AuditEvent'), ...(dark && unseen(false, dark.id)) };
    },
  },
];
