/** What there really is, as those read it who may read everything, beside what this test believes there is. */
import type { Ask } from './asking.ts';
import type { CollectionState, TenantState } from './canaries.ts';
import type { World } from './world.ts';

const BATCH = 20;
const batches = <T>(list: readonly T[]): T[][] => Array.from({ length: Math.ceil(list.length / BATCH) }, (_, at) => list.slice(at * BATCH, (at + 1) * BATCH));

/** The differences; of the collections and items that there are so many at most, the newest first. */
export async function differences(world: World, ask: Ask, most = 40): Promise<string[]> {
  return (await Promise.all(world.tenants.map((tenant) => ofTenant(world, tenant, ask, most)))).flat();
}

async function ofTenant(world: World, tenant: TenantState, ask: Ask, most: number): Promise<string[]> {
  const founder = { name: 'founder', person: tenant.founder, tenant, key: null };
  const read = async (document: string, variables = {}): Promise<any> => {
    // A part that is missing because a service was too busy is asked for again.
    let answer = await ask(founder, { document, variables });
    for (let n = 0; n < 10 && answer.body.errors?.every(({ extensions }) => extensions.retryable); n += 1) answer = await ask(founder, { document, variables });
    if (!answer.body.data || answer.body.errors) throw new Error(`${tenant.slug} could not be read: ${answer.text}`);
    return answer.body.data;
  };
  const found: string[] = [];
  const same = (what: string, is: unknown, should: unknown) => { if (JSON.stringify(is) !== JSON.stringify(should)) found.push(`${what} is ${JSON.stringify(is)} and should be ${JSON.stringify(should)}`); };

  const { tenant: { members, auditEvents, webhooks } } = await read('{ tenant { members(first: 100) { nodes { role user { id } } } auditEvents(first: 20) { nodes { id } } webhooks(first: 20) { nodes { id deliveries(first: 5) { nodes { id } } } } } }');
  same(`who belongs to ${tenant.slug}`, members.nodes.map(({ role, user }: any) => `${user.id} ${role}`).sort(), [...tenant.members].map((one) => one.join(' ')).sort());
  same(`the webhooks of ${tenant.slug}`, webhooks.nodes.map(({ id }: any) => id).sort(), [...tenant.webhooks.keys()].sort());
  for (const { id } of [...auditEvents.nodes, ...webhooks.nodes.flatMap(({ deliveries }: any) => deliveries.nodes)]) if (!world.inner.some((one) => one.id === id)) world.inner.push({ id, tenant });
  world.inner.splice(0, Math.max(0, world.inner.length - 200));

  for (const some of batches(world.collections.filter((collection) => collection.tenant === tenant).slice(-most))) {
    const { nodes } = await read('query($ids: [ID!]!) { nodes(ids: $ids) { ... on Collection { id name members(first: 50) { nodes { everyone role user { id } } } } } }', { ids: some.map(({ id }) => id) });
    some.forEach((collection, at) => same(`the collection ${collection.id}`, nodes[at] && collectionOf(nodes[at]), collection.deleted ? null : believed(collection)));
  }
  for (const some of batches(world.items.filter(({ collection }) => collection.tenant === tenant).slice(-most * 2))) {
    const { nodes } = await read('query($ids: [ID!]!) { nodes(ids: $ids) { ... on Item { id title version deletedAt attachments(first: 100) { nodes { name } } } } }', { ids: some.map(({ id }) => id) });
    some.forEach((item, at) => same(`the item ${item.id}`, nodes[at] && [nodes[at].title, nodes[at].version, nodes[at].deletedAt !== null, namesOf(nodes[at].attachments.nodes)], item.collection.deleted ? null : [item.title, item.version, item.deleted, namesOf(world.attachments.filter((one) => one.item === item && !one.removed))]));
  }
  return found;
}
const namesOf = (files: readonly { name: string }[]): string[] => files.map(({ name }) => name).sort();
const collectionOf = ({ name, members }: any) => [name, members.nodes.map(({ everyone, role, user }: any) => `${everyone ? 'everyone' : user?.id} ${role}`).sort()];
const believed = ({ name, shares }: CollectionState) => [name, [...shares].map((one) => one.join(' ')).sort()];
