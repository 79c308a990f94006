import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId, type ItemId } from '../../../platform/ids.ts';
import { newCollection } from '../../../test/kit/collections.ts';
import { startServices, type Kit } from '../../../test/kit/services.ts';
import { newTenant } from '../../../test/kit/tenants.ts';
import { linksAround } from './postgres-links.ts';

interface Plan { 'Node Type': string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; 'Rows Removed by Join Filter'?: number; Plans?: Plan[] }
/** Rows that each of its nodes has had in its hands. */
const rowsIn = (plan: Plan): number =>
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Join Filter'] ?? 0)) * plan['Actual Loops'] + (plan.Plans ?? []).reduce((sum, each) => sum + rowsIn(each), 0);

const [ITEMS, LINKS_EACH, ASKED] = [1_000, 5, 20];
let kit: Kit;
let client: pg.Client;
beforeAll(async () => {
  kit = await startServices(['tenants', 'collections']);
  client = new pg.Client({ connectionString: kit.database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await kit.stop();
});

it('a step looks at the links of its items and at what they lead to, also where nothing is known yet of how much there is', async () => {
  const { owner, id: tenantId } = await newTenant(kit);
  const collectionId = await newCollection(kit, owner);
  const ids = Array.from({ length: ITEMS }, () => newId('itm') as ItemId);
  await client.query(`BEGIN; SET LOCAL ROLE atlas_collections; SET LOCAL app.tenant_id = '${tenantId}'; SET LOCAL app.access = 'all'`);
  await client.query(`INSERT INTO collections.item (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by)
    SELECT id, $1, $2, 'x', '', '{}', '{}', now(), now(), 'x', 'x' FROM unnest($3::text[]) AS id`, [tenantId, collectionId, ids]);
  await client.query(`INSERT INTO collections.link (tenant_id, from_id, to_id, kind, from_collection_id, to_collection_id, created_at, created_by)
    SELECT $1, ($3::text[])[n], ($3::text[])[1 + (n + g * 31) % ${ITEMS}], 'related', $2, $2, now(), 'x' FROM generate_series(1, ${ITEMS}) n, generate_series(1, ${LINKS_EACH}) g`, [tenantId, collectionId, ids]);
  let n = 0;
  const { text, values } = linksAround(ids.slice(0, ASKED), null, 25);
  const { rows: [row] } = await client.query(`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text.replace(/\?/g, () => `$${n += 1}`)}`, values as unknown[]);
  await client.query('COMMIT');
  const { Plan: plan } = row['QUERY PLAN'][0] as { Plan: Plan };
  const links = ASKED * LINKS_EACH * 2;
  expect(plan['Actual Rows']).toBe(links);
  // Each link passes some nodes and looks up two things: ten times as many rows stand far above that, all items of the tenant for each link far beyond.
  expect(rowsIn(plan)).toBeLessThan(links * 10);
});
