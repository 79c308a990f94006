import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId, type ApiKeyId } from '../../platform/ids.ts';
import { parseApiKey } from '../../platform/api-key.ts';
import { TABLES_WITHOUT_TENANT } from '../../platform/database/rights.ts';
import { anonymous, keyViewer, systemViewer, type Viewer } from '../../platform/viewer.ts';
import type { Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, INVITE, newKey, newMember, newTenant, stranger, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let [mine, theirs]: TestTenant[] = [];
let both: Person;
beforeAll(async () => {
  kit = await startTogether(['tenants']);
  [mine, theirs] = [await newTenant(kit), await newTenant(kit)];
  both = await newMember(kit, theirs, 'MEMBER', await newMember(kit, mine, 'GUEST'));
  for (const tenant of [mine, theirs]) {
    await newKey(kit, tenant.owner);
    done(await kit.ask('tenants', INVITE, { input: { email: `open@${tenant.slug}.example`, role: 'GUEST' } }, tenant.owner.viewer));
  }
});
afterAll(() => kit.stop());

/** One transaction as the database sees a request: the role, the tenant, the person. */
async function asRole<T>(given: { role?: string; tenant?: string; user?: string }, body: (sql: (text: string) => Promise<any[]>) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: kit.database.url });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL ROLE ${given.role ?? 'atlas_tenants'}; SET LOCAL app.tenant_id = '${given.tenant ?? ''}'; SET LOCAL app.user_id = '${given.user ?? ''}'`);
    return await body(async (text) => (await client.query(text)).rows);
  } finally {
    await client.end();
  }
}

describe('the database', () => {
  it('shows a tenant its own rows and no others, whatever is asked', async () => {
    await asRole({ tenant: mine!.id }, async (sql) => {
      for (const table of ['membership', 'invitation', 'api_key']) {
        const rows = await sql(`SELECT tenant_id FROM tenants.${table}`);
        expect(new Set(rows.map((row) => row.tenant_id))).toEqual(new Set([mine!.id]));
        expect(await sql(`DELETE FROM tenants.${table} WHERE tenant_id = '${theirs!.id}' RETURNING tenant_id`)).toEqual([]);
      }
      expect((await sql('SELECT id FROM tenants.tenant')).map((row) => row.id)).toEqual([mine!.id]);
      expect(await sql(`UPDATE tenants.tenant SET name = 'x' WHERE id = '${theirs!.id}' RETURNING id`)).toEqual([]);
      await expect(sql(`INSERT INTO tenants.membership VALUES ('${theirs!.id}', '${newId('usr')}', 'OWNER', now())`)).rejects.toThrow('row-level security');
    });
  });

  it('shows nobody anything', async () => {
    await asRole({}, async (sql) => {
      for (const table of ['tenant', 'membership', 'invitation', 'api_key']) expect(await sql(`SELECT * FROM tenants.${table}`)).toEqual([]);
    });
  });

  it('shows a person their own memberships and tenants, and lets them change none of it', async () => {
    await asRole({ user: both.userId }, async (sql) => {
      expect((await sql('SELECT user_id FROM tenants.membership')).map((row) => row.user_id)).toEqual([both.userId, both.userId]);
      expect((await sql('SELECT id FROM tenants.tenant ORDER BY id')).map((row) => row.id)).toEqual([mine!.id, theirs!.id].sort());
      expect(await sql(`UPDATE tenants.membership SET role = 'OWNER' RETURNING role`)).toEqual([]);
      expect(await sql('SELECT * FROM tenants.api_key')).toEqual([]);
    });
  });

  it('lets the purge see and delete expired invitations, and nothing of them but id and age', async () => {
    await asRole({ role: 'atlas_purge' }, async (sql) => {
      expect(await sql('SELECT id FROM tenants.invitation')).toEqual([]);
      await expect(sql('SELECT email FROM tenants.invitation')).rejects.toThrow('permission denied');
    });
    await asRole({ tenant: mine!.id }, async (sql) => {
      await sql(`UPDATE tenants.invitation SET expires_at = now() - interval '31 days'; COMMIT`);
    });
    await asRole({ role: 'atlas_purge' }, async (sql) => {
      expect((await sql('DELETE FROM tenants.invitation WHERE id IN (SELECT id FROM tenants.invitation LIMIT 500) RETURNING id')).length).toBeGreaterThan(0);
    });
    await asRole({ role: 'atlas_purge' }, async (sql) => {
      await expect(sql('DELETE FROM tenants.membership')).rejects.toThrow('permission denied');
    });
  });

  it('holds no table that is neither a tenant’s own nor in the list of those without', async () => {
    const client = new pg.Client({ connectionString: kit.database.ownerUrl });
    await client.connect();
    const { rows } = await client.query(`
      SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
             EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS tenanted
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'tenants'`).finally(() => client.end());
    for (const { name, forced, tenanted } of rows) expect({ name, apart: (forced && tenanted) || name in TABLES_WITHOUT_TENANT }).toEqual({ name, apart: true });
    expect(rows.find(({ name }) => name === 'tenants.tenant').forced).toBe(true);
  });
});

describe('the principals', () => {
  const USER = 'query($userId: ID!, $tenant: String) { principalOfUser(userId: $userId, tenant: $tenant) { tenantId role sandbox } }';
  const KEY = 'query($tenantId: ID!, $hash: String!) { principalOfKey(tenantId: $tenantId, hash: $hash) { keyId } }';
  const user = async (userId: string, tenant: string | null, viewer: Viewer = systemViewer('gateway')) => dataOf(await kit.ask('tenants', USER, { userId, tenant }, viewer)).principalOfUser;

  it('answer the gateway, by slug, by id and without a tenant', async () => {
    expect(await user(both.userId, theirs!.slug)).toEqual({ tenantId: theirs!.id, role: 'MEMBER', sandbox: false });
    expect(await user(both.userId, mine!.id)).toEqual({ tenantId: mine!.id, role: 'GUEST', sandbox: false });
    expect(await user(both.userId, null)).toEqual({ tenantId: null, role: null, sandbox: false });
  });

  it('answer null for whoever does not belong, and for what is no id', async () => {
    for (const [userId, tenant] of [[mine!.owner.userId, theirs!.slug], [mine!.owner.userId, theirs!.id], [stranger().userId, mine!.slug], [both.userId, 'no-such-tenant'], [both.userId, ''], ['usr_x', mine!.slug], ["usr_'; --", null]] as const) {
      expect(await user(userId, tenant)).toBeNull();
    }
    for (const tenantId of [mine!.id, newId('tnt'), 'tnt_x']) expect(dataOf(await kit.ask('tenants', KEY, { tenantId, hash: 'f'.repeat(64) }, systemViewer('gateway'))).principalOfKey).toBeNull();
  });

  it('answer null for a key that names another tenant than its own', async () => {
    const { secret } = await newKey(kit, theirs!.owner);
    const { hash } = parseApiKey(secret)!;
    expect(dataOf(await kit.ask('tenants', KEY, { tenantId: mine!.id, hash }, systemViewer('gateway'))).principalOfKey).toBeNull();
  });

  it('refuse everybody but the gateway', async () => {
    const key = keyViewer({ keyId: newId('key') as ApiKeyId, tenantId: mine!.id, scopes: ['tenants:admin'], collectionIds: null, sandbox: false });
    for (const viewer of [anonymous, mine!.owner.viewer, key, systemViewer('users')]) {
      expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(codeOf(await kit.ask('tenants', USER, { userId: both.userId, tenant: mine!.slug }, viewer)));
      expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(codeOf(await kit.ask('tenants', KEY, { tenantId: mine!.id, hash: 'x' }, viewer)));
    }
  });
});

describe('the loops', () => {
  it('have run without a fault', () => {
    expect(kit.logged.filter((line) => line.includes('round of a loop failed'))).toEqual([]);
  });
});

describe('the demonstration', () => {
  it('comes out the same every time', async () => {
    const users = ['owner', 'admin', 'member', 'guest'].map((name) => ({ email: `${name}@demo.example`, userId: newId('usr') }));
    const { demo } = kit.atlas.services.get('tenants')!;
    const [first, second] = [await demo!({ users }) as { tenant: string; apiKey: string }, await demo!({ users })];
    expect(first).toEqual(second);
    expect(first.tenant).toBe('demo');
    const { tenantId, hash } = parseApiKey(first.apiKey)!;
    expect(dataOf(await kit.ask('tenants', 'query($tenantId: ID!, $hash: String!) { principalOfKey(tenantId: $tenantId, hash: $hash) { scopes } }', { tenantId, hash }, systemViewer('gateway'))).principalOfKey.scopes).toHaveLength(11);
    const roles = await Promise.all(users.map(async ({ userId }) => dataOf(await kit.ask('tenants', 'query($userId: ID!) { principalOfUser(userId: $userId, tenant: "demo") { role } }', { userId }, systemViewer('gateway'))).principalOfUser.role));
    expect(roles).toEqual(['OWNER', 'ADMIN', 'MEMBER', 'GUEST']);
  });
});
