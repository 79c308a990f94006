import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import pg from 'pg';
import { codeOf, newPerson, startUsersAlone, type UsersAlone } from '../../test/kit/people.ts';
import { openLog } from '../../platform/log.ts';
import { databaseOpener, type Database } from '../../platform/database/database.ts';
import { secretFrom } from '../../platform/secret.ts';
import { systemViewer } from '../../platform/viewer.ts';
import { rotateSigningKey, rotateSigningKeyWhenDue } from './application/rotate-signing-key.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { postgresSigningKeys } from './infrastructure/postgres-signing-keys.ts';

let users: UsersAlone;
let database: Database;
let client: pg.Client;
const secret = secretFrom('x'.repeat(32));
beforeAll(async () => {
  users = await startUsersAlone({ ATLAS_SECRET: 'x'.repeat(32) });
  const { url, ownerUrl } = users.kit.database;
  database = await databaseOpener({ url, ownerUrl, poolMax: 4, statementMs: 5_000, log: openLog({ level: 'silent', pretty: false, destination: { write: () => undefined } }) })({ service: 'users', tables: [], migrations });
  client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.close();
  await users.stop();
});

const publicSet = async (): Promise<JSONWebKeySet> => JSON.parse((await users.kit.ask('users', '{ jwks }', {}, systemViewer('gateway'))).data!.jwks as string) as JSONWebKeySet;

describe('access tokens', () => {
  it('are checked with the public keys, and say who and which session', async () => {
    const { session, userId, viewer } = await newPerson(users.kit);
    const keys = await publicSet();
    const { payload, protectedHeader } = await jwtVerify(session.accessToken, createLocalJWKSet(keys), { issuer: 'atlas', audience: 'atlas', typ: 'at+jwt', algorithms: ['EdDSA'] });
    expect(payload).toMatchObject({ sub: userId, sid: viewer.sessionId });
    expect(payload.exp! - payload.iat!).toBe(900);
    expect(new Date(session.expiresAt).getTime()).toBe(payload.exp! * 1_000);
    expect(keys.keys).toMatchObject([{ kid: protectedHeader.kid, kty: 'OKP', crv: 'Ed25519' }]);
    expect(keys.keys[0]).not.toHaveProperty('d');
  });
  it('are checked by nobody outside', async () => {
    expect(codeOf(await users.kit.ask('users', '{ jwks }'))).toBe('UNAUTHENTICATED');
    expect(codeOf(await users.kit.ask('users', '{ jwks }', {}, (await newPerson(users.kit)).viewer))).toBe('FORBIDDEN');
  });
});

describe('signing keys', () => {
  it('are made once by processes that start at once, and sealed', async () => {
    await client.query('DELETE FROM users.signing_key');
    await Promise.all([1, 2, 3, 4].map(() => postgresSigningKeys(database, secret).ensure()));
    const { rows } = await client.query('SELECT * FROM users.signing_key');
    expect(rows).toHaveLength(1);
    expect(rows[0].private_key).not.toContain('"d"');
    await expect(postgresSigningKeys(database, secretFrom('y'.repeat(32))).ensure()).rejects.toThrow('ATLAS_SECRET');
  });
  it('are rotated; what the old one signed stays valid until it expires, and then the key is forgotten', async () => {
    const keys = postgresSigningKeys(database, secret);
    const before = await keys.current();
    await rotateSigningKey({ keys })();
    const after = await keys.current();
    expect(after.kid).not.toBe(before.kid);
    expect((await publicSet()).keys.map(({ kid }) => kid).sort()).toEqual([before.kid, after.kid].sort());
    await client.query(`UPDATE users.signing_key SET retired_at = now() - interval '20 minutes' WHERE kid = $1`, [before.kid]);
    await rotateSigningKeyWhenDue({ keys })();
    expect((await client.query('SELECT kid FROM users.signing_key')).rows).toEqual([{ kid: after.kid }]);
  });
  it('are rotated after 90 days, by one process of many', async () => {
    const rotators = [1, 2, 3].map(() => postgresSigningKeys(database, secret));
    await client.query(`UPDATE users.signing_key SET created_at = now() - interval '91 days'`);
    await Promise.all(rotators.map((keys) => rotateSigningKeyWhenDue({ keys })()));
    const { rows } = await client.query('SELECT retired_at IS NULL AS signs FROM users.signing_key ORDER BY created_at');
    expect(rows).toEqual([{ signs: false }, { signs: true }]);
  });
});
