import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate, type Migration } from './migrate.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';

let database: TestDatabase;
let owner: pg.Client;
const run = (migrations: readonly Migration[]) =>
  migrate({ ownerUrl: database.ownerUrl, servingLogin: new URL(database.url).username, service: 'tenants', migrations });
const first: Migration = { name: '0001-things', sql: 'CREATE TABLE tenants.thing (id int)' };

beforeAll(async () => {
  database = await freshDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

describe('a migration', () => {
  it('runs once, whoever and however many start', async () => {
    await Promise.all([run([first]), run([first]), run([first])]);
    await run([first]);
    const { rows } = await owner.query(`SELECT name FROM platform.migration WHERE schema = 'tenants'`);
    expect(rows).toEqual([{ name: '0001-things' }]);
  });

  it('that fails changes nothing, and names itself', async () => {
    const broken = { name: '0002-broken', sql: 'ALTER TABLE tenants.thing ADD COLUMN a int; SELECT 1/0' };
    await expect(run([first, broken])).rejects.toThrow('The migration tenants/0002-broken failed and changed nothing: division by zero');
    await expect(owner.query('SELECT a FROM tenants.thing')).rejects.toThrow(/does not exist/);
  });

  it('that was changed after it had run stops the start', async () => {
    await expect(run([{ ...first, sql: `${first.sql} -- changed` }])).rejects.toThrow('was changed after it had run');
  });

  it('waits two seconds at most for a table in use, lets go, and tries again', async () => {
    const other = new pg.Client({ connectionString: database.ownerUrl });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE tenants.thing IN ACCESS SHARE MODE');
    const migrating = run([first, { name: '0002-column', sql: 'ALTER TABLE tenants.thing ADD COLUMN b int' }]);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    // Whoever reads meanwhile is not made to queue behind it for ever.
    await owner.query('SELECT id FROM tenants.thing');
    await other.query('COMMIT');
    await other.end();
    await migrating;
    await owner.query('SELECT b FROM tenants.thing');
  });
});
