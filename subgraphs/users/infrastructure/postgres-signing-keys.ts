/** The keys in `users.signing_key`; the private half is sealed with the installation's secret. */
import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database, Scope } from '../../../platform/database/database.ts';
import type { Secret } from '../../../platform/secret.ts';
import type { SigningKeys } from '../domain/access-token.ts';
import { privateKeyFrom } from './jose-access-tokens.ts';

/** How long a process may go on with the key it knows: after a rotation elsewhere it signs with the old one for so long. */
const KNOWN_MS = 60_000;
/** No access token lives longer (see ACCESS_TOKEN_SECONDS), whatever another process is set to. */
const TOKEN_SECONDS_MAX = 900;
const SKEW_SECONDS = 60;
const SERVED = `(retired_at IS NULL OR retired_at > now() - interval '${TOKEN_SECONDS_MAX + KNOWN_MS / 1_000 + SKEW_SECONDS} seconds')`;
const PURPOSE = 'signing key';
const SELF: Scope = { kind: 'system', id: 'system:users', userId: null, tenantId: null };

export interface KeptSigningKeys extends SigningKeys { current(): Promise<{ kid: string; key: CryptoKey }> }
interface Known { kid: string; key: CryptoKey; until: number }

export function postgresSigningKeys(database: Database, secret: Secret): KeptSigningKeys {
  let known: Known | undefined;
  const read = <T>(body: (em: EntityManager) => Promise<T>) => database.transaction(SELF, 'read', body);
  const write = <T>(body: (em: EntityManager) => Promise<T>) => database.transaction(SELF, 'write', body);

  const current = async (): Promise<Known> => {
    if (known && known.until > Date.now()) return known;
    const [row] = await read((em) => em.execute<{ kid: string; sealed: string }[]>('SELECT kid, private_key AS sealed FROM users.signing_key WHERE retired_at IS NULL', [], 'all'));
    if (!row) throw new Error('There is no signing key.');
    const opened = secret.open(PURPOSE, row.sealed);
    if (opened === null) throw new Error('The signing key cannot be opened: ATLAS_SECRET is not the one that it was sealed with.');
    known = { kid: row.kid, key: await privateKeyFrom(JSON.parse(opened) as JWK), until: Date.now() + KNOWN_MS };
    return known;
  };

  /** `retire` says which may be retired; when another signs already, the new one is not kept. */
  const make = async (retire: string | null, values: readonly string[]): Promise<void> => {
    const { kid, publicKey, sealed } = await newKey(secret);
    await write(async (em) => {
      if (retire) await em.execute(`UPDATE users.signing_key SET retired_at = now() WHERE retired_at IS NULL AND ${retire}`, [...values], 'run');
      await em.execute('INSERT INTO users.signing_key (kid, public_key, private_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [kid, publicKey, sealed], 'run');
    });
    known = undefined;
  };

  return {
    current,
    async ensure() {
      const rows = await read((em) => em.execute<unknown[]>('SELECT 1 FROM users.signing_key WHERE retired_at IS NULL', [], 'all'));
      if (rows.length === 0) await make(null, []);
      await current();
    },
    rotate: (old) => (old === undefined ? make('true', []) : make('kid = ?', [old])),
    async newest() {
      const [row] = await read((em) => em.execute<{ kid: string; since: Date }[]>('SELECT kid, created_at AS since FROM users.signing_key WHERE retired_at IS NULL', [], 'all'));
      return { kid: row!.kid, since: new Date(row!.since) };
    },
    async publicSet() {
      const rows = await read((em) => em.execute<{ key: string }[]>(`SELECT public_key AS key FROM users.signing_key WHERE ${SERVED} ORDER BY created_at DESC`, [], 'all'));
      return JSON.stringify({ keys: rows.map(({ key }) => JSON.parse(key) as JWK) });
    },
    forget: () => write(async (em) => void (await em.execute(`DELETE FROM users.signing_key WHERE NOT ${SERVED}`, [], 'run'))),
  };
}

async function newKey(secret: Secret): Promise<{ kid: string; publicKey: string; sealed: string }> {
  const kid = randomUUID();
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return {
    kid,
    publicKey: JSON.stringify({ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }),
    sealed: secret.seal(PURPOSE, JSON.stringify(await exportJWK(privateKey))),
  };
}
