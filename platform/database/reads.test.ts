/** Reads that hold no connection: what travels together, what fails together, and that nothing of one caller is left for the next. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scopeOf, startToy, type Toy } from '../../test/kit/toy.ts';
import { newId, type TenantId } from '../ids.ts';
import type { Statement } from './statement.ts';

let toy: Toy;
const [ours, theirs] = [newId('tnt'), newId('tnt')] as [TenantId, TenantId];
const AT_ONCE = 12;
const NOTES: Statement = { name: 'notes', text: 'SELECT text FROM tenants.note WHERE text <> ? ORDER BY text', values: ['nothing'] };
const BACKEND: Statement = { text: 'SELECT pg_backend_pid() AS pid, pg_current_xact_id_if_assigned() AS written, now() AS began', values: [] };
const TENANT: Statement = { text: `SELECT current_setting('app.tenant_id', true) AS tenant, current_user AS role`, values: [] };

beforeAll(async () => {
  toy = await startToy();
  for (const [tenant, text] of [[ours, 'ours'], [theirs, 'theirs']] as const) {
    await toy.database.transaction(scopeOf(tenant), 'write', (em) => em.execute('INSERT INTO tenants.note (id, tenant_id, text) VALUES (?, ?, ?)', [newId('evt'), tenant, text], 'run'));
  }
});
afterAll(() => toy?.stop());

describe('what is read without a transaction of its own', () => {
  it('is what the caller may see, whoever used the connection before', async () => {
    const found = await Promise.all(Array.from({ length: AT_ONCE * 4 }, (_, n) =>
      toy.database.read(scopeOf(n % 3 === 0 ? ours : n % 3 === 1 ? theirs : null), async (rows) => (await rows<{ text: string }>(NOTES)).map(({ text }) => text))));
    expect(found).toEqual(found.map((_, n) => [['ours'], ['theirs'], []][n % 3]));
  });

  it('leaves nothing of the caller on the connection', async () => {
    await toy.database.read(scopeOf(ours), (rows) => rows(NOTES));
    const after = await Promise.all(Array.from({ length: AT_ONCE }, () => toy.database.read(scopeOf(null), (rows) => rows(TENANT))));
    expect(new Set(after.map(([row]) => JSON.stringify(row)))).toEqual(new Set([JSON.stringify({ tenant: '', role: 'atlas_tenants' })]));
  });

  it('goes together when it is asked for together, and apart when it is not', async () => {
    const [one, other, later] = await toy.database.read(scopeOf(ours), async (rows) => {
      const [[first], [second]] = await Promise.all([rows(BACKEND), rows(BACKEND)]);
      return [first, second, (await rows(BACKEND))[0]];
    });
    expect(other).toEqual(one);
    expect(later).not.toEqual(one);
  });

  it('holds no connection while its caller thinks: more than the pool has may be under way', async () => {
    let begun = 0;
    let all!: () => void;
    const everybody = new Promise<void>((resolve) => { all = resolve; });
    const found = await Promise.all(Array.from({ length: AT_ONCE }, () => toy.database.read(scopeOf(ours), async (rows) => {
      await rows(NOTES);
      if ((begun += 1) === AT_ONCE) all();
      await everybody;
      return rows<{ text: string }>(NOTES);
    })));
    expect(found).toEqual(found.map(() => [{ text: 'ours' }]));
  });

  it('changes nothing', async () => {
    await expect(toy.database.read(scopeOf(ours), (rows) => rows({ text: 'DELETE FROM tenants.note', values: [] }))).rejects.toThrow(/read-only/);
    expect(await toy.database.read(scopeOf(ours), (rows) => rows(NOTES))).toEqual([{ text: 'ours' }]);
  });

  it('fails for its own reason with all that went with it, and the connection serves the next', async () => {
    const broken: Statement = { text: 'SELECT 1 / ?::int', values: [0] };
    const [first, second, third] = await toy.database.read(scopeOf(ours), (rows) => Promise.allSettled([rows(NOTES), rows(broken), rows(NOTES)]));
    expect(first.status).toBe('fulfilled');
    for (const each of [second, third]) expect(String((each as PromiseRejectedResult).reason)).toContain('division by zero');
    const after = await Promise.all(Array.from({ length: AT_ONCE }, () => toy.database.read(scopeOf(ours), (rows) => rows(NOTES))));
    expect(after).toEqual(after.map(() => [{ text: 'ours' }]));
  });
});
