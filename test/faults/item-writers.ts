/** A client that makes items and changes them on and on, each change of the version that it has read, and remembers what it was answered. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { AtlasClient } from '../../clients/typescript/client.ts';
import type { Running } from '../kit/arrangements.ts';
import { newPerson, PAUSE_MS, persistent, type Outcome, type Writer } from './writers.ts';

interface ItemAnswer { item: { id: string; version: number } }
/** `stale`: it named a version that is not the newest, so it must not be done. */
interface Change { title: string; stale: boolean; outcome: Outcome }
interface Kept { id: string; title: string; version: number; revisions: number[] }

const CREATE = 'mutation($input: CreateItemInput!) { change: createItem(input: $input) { item { id version } userErrors { code message } } }';
const UPDATE = 'mutation($input: UpdateItemInput!) { change: updateItem(input: $input) { item { id version } userErrors { code message } } }';
/** Changes of one item, its making included. */
const EACH = 6;
const STALE_AT = 4;

export async function startItemWriter(atlas: Running, databaseUrl: string, number: number, next: () => number): Promise<Writer> {
  const slug = `items-${number}`;
  const person = await newPerson(atlas, slug);
  const patient = person.patient.with({ tenant: slug });
  await person.patient.mutate('mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } userErrors { code message } } }', { input: { name: 'Items', slug } }, { idempotencyKey: `tenant ${slug}` });
  const made = await patient.mutate('mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } userErrors { code message } } }', { input: { name: 'Items' } }, { idempotencyKey: `collection ${slug}` }) as { createCollection: { collection: { id: string } } };
  const collectionId = made.createCollection.collection.id;
  const client = person.client.with({ tenant: slug });
  const changes: Change[] = [];
  const { counts, attempt } = persistent(next);
  let stopped = false;

  const change = async (document: string, input: Record<string, unknown> & { title: string }, stale = false): Promise<ItemAnswer['item'] | null> => {
    let item: ItemAnswer['item'] | null = null;
    const outcome = await attempt(async (idempotencyKey) => {
      ({ change: { item } } = await client.mutate(document, { input }, { idempotencyKey }) as { change: ItemAnswer });
    });
    changes.push({ title: input.title, stale, outcome });
    await sleep(PAUSE_MS);
    return item;
  };
  const write = async (): Promise<void> => {
    for (let n = 1; !stopped; n += 1) {
      let item = await change(CREATE, { collectionId, title: `${n}`, body: 'What it says' });
      // Of what had no answer the version is not known: another item is begun.
      for (let step = 1; step < EACH && item && !stopped; step += 1) {
        const input = { id: item.id, expectedVersion: item.version, title: `${n}.${step}`, tags: [`step ${step}`] };
        if (step === STALE_AT) await change(UPDATE, { ...input, expectedVersion: item.version - 1, title: `${n} stale` }, true);
        item = await change(UPDATE, input);
      }
    }
  };
  const writing = write();

  return {
    counts,
    async stop() {
      stopped = true;
      await writing;
    },
    faults: async () => faultsOf(slug, changes, await toldOf(patient), await keptOf(databaseUrl, await tenantIdOf(patient))),
  };
}

interface Told { action: string; entityId: string; after: { title?: string } | null }
interface Trail { tenant: { auditTrail: { verified: boolean }; auditEvents: { nodes: Told[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } }
const TRAIL = 'query($after: String) { tenant { auditTrail { verified } auditEvents(first: 100, after: $after, filter: { entityType: "Item" }) { nodes { action entityId after } pageInfo { hasNextPage endCursor } } } }';

const tenantIdOf = async (client: AtlasClient): Promise<string> => (await client.query('{ tenant { id } }', {}) as { tenant: { id: string } }).tenant.id;

/** All that was told of the items, the oldest first. */
async function toldOf(client: AtlasClient): Promise<Told[]> {
  const told: Told[] = [];
  for (let after: string | null = null; ;) {
    const { tenant: { auditTrail, auditEvents } } = await client.query(TRAIL, { after }) as Trail;
    if (!auditTrail.verified) throw new Error('The trail of the items does not verify.');
    told.unshift(...auditEvents.nodes.reverse());
    if (!auditEvents.pageInfo.hasNextPage) return told;
    after = auditEvents.pageInfo.endCursor;
  }
}

/** The items as they stand in the database, with the versions that their revisions keep. */
async function keptOf(databaseUrl: string, tenantId: string): Promise<Kept[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL ROLE atlas_collections; SET LOCAL app.tenant_id = '${tenantId}'; SET LOCAL app.access = 'all'`);
    const { rows } = await client.query<Kept>('SELECT id, title, version, ARRAY(SELECT r.version FROM collections.revision r WHERE r.item_id = i.id ORDER BY 1) AS revisions FROM collections.item i');
    return rows;
  } finally {
    await client.end();
  }
}

function faultsOf(where: string, changes: readonly Change[], told: readonly Told[], kept: readonly Kept[]): string[] {
  const faults: string[] = changes.some(({ outcome }) => outcome === 'acknowledged') ? [] : [`${where}: no change of an item was acknowledged.`];
  for (const { title, stale, outcome } of changes) {
    const times = told.filter(({ after }) => after?.title === title).length;
    if (times > 1 || (outcome === 'acknowledged' && times === 0) || (outcome === 'refused' && times > 0)) faults.push(`${where}: item ${title} was ${outcome} and is told ${times} times.`);
    if (stale && times > 0) faults.push(`${where}: item ${title} was written over a later change.`);
  }
  const ids = new Set(told.map(({ entityId }) => entityId));
  if (ids.size !== kept.length) faults.push(`${where}: ${kept.length} items are there, and ${ids.size} were told of.`);
  for (const { id, title, version, revisions } of kept) {
    const own = told.filter(({ entityId }) => entityId === id);
    if (own.at(-1)?.after?.title !== title) faults.push(`${where}: ${id} is called ${title}, and the last that was told of it is ${own.at(-1)?.after?.title}.`);
    if (own.length !== version) faults.push(`${where}: ${id} is at version ${version}, and ${own.length} changes of it were told.`);
    if (revisions.join() !== Array.from({ length: version - 1 }, (_, n) => n + 1).join()) faults.push(`${where}: ${id} is at version ${version}, and keeps the revisions ${revisions.join(', ')}.`);
  }
  return faults;
}
