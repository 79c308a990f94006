/**
 * A viewer between processes: a compact JWS, Ed25519, for one audience, alive for a minute. A process makes its key pair
 * when it starts and publishes the public half under its own service's role, so no private key is ever stored or shared,
 * and a service can speak as the gateway no more than the database lets it write the gateway's row.
 * One signature serves all requests of a viewer for 15 seconds: equal requests have equal headers.
 */
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type CryptoKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import type { Database, Scope } from './database/database.ts';
import { AtlasError } from './errors.ts';
import type { ServiceName } from './names.ts';
import { sealVerified, type Viewer } from './viewer.ts';

/** The header, or the parameter of a socket, that carries it. */
export const VIEWER_HEADER = 'atlas-viewer';

const TYPE = 'atlas-viewer';
const ALGORITHM = 'EdDSA';
const WINDOW_SECONDS = 15;
const LIFE_SECONDS = 60;
const KEY_HOURS = 24 * 7;
const REMEMBERED = 5_000;

export interface ViewerSigner {
  sign(viewer: Viewer, audience: ServiceName): Promise<string>;
  /** Once a day is enough: keys live for a week after their process last said so. */
  renew(): Promise<void>;
}
export interface ViewerVerifier { verify(header: string): Promise<Viewer> }

const scopeOf = (service: ServiceName): Scope => ({ kind: 'system', id: `system:${service}`, userId: null, tenantId: null });

export async function viewerSigner(database: Database): Promise<ViewerSigner> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519' });
  const kid = randomUUID();
  const jwk = JSON.stringify(await exportJWK(publicKey));
  const renew = () => database.transaction(scopeOf(database.service), 'write', async (em) => {
    await em.execute(
      `INSERT INTO platform.viewer_key (kid, service, public_key, expires_at) VALUES (?, ?, ?, now() + interval '${KEY_HOURS} hours')
       ON CONFLICT (kid) DO UPDATE SET expires_at = excluded.expires_at`, [kid, database.service, jwk], 'run');
    await em.execute('DELETE FROM platform.viewer_key WHERE service = ? AND expires_at < now()', [database.service], 'run');
  });
  await renew();

  const signed = new LRUCache<string, Promise<string>>({ max: REMEMBERED, ttl: (WINDOW_SECONDS + 1) * 1_000 });
  return {
    renew,
    sign(viewer, audience) {
      const window = Math.floor(Date.now() / 1_000 / WINDOW_SECONDS) * WINDOW_SECONDS;
      const { kind, id, userId, standsFor, sessionId, tenantId, role, scopes, collectionIds, trustedDocumentsOnly, sandbox } = viewer;
      const claims = { kind, id, userId, standsFor, sessionId, tenantId, role, scopes, collectionIds, trustedDocumentsOnly, sandbox };
      const name = JSON.stringify([audience, window, claims]);
      const known = signed.get(name) ?? new SignJWT({ viewer: claims })
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE })
        .setIssuer(database.service).setAudience(audience).setIssuedAt(window).setExpirationTime(window + LIFE_SECONDS)
        .sign(privateKey);
      signed.set(name, known);
      return known;
    },
  };
}

/** Accepts a viewer from the gateway; from another service only that service itself, in its own name, or a caller whom it passes on. */
export function viewerVerifier(database: Database): ViewerVerifier {
  const keys = new LRUCache<string, { service: ServiceName; key: CryptoKey }>({ max: 1_000, ttl: 60_000 });
  const verified = new LRUCache<string, Viewer>({ max: REMEMBERED });

  const keyOf = async (kid: string) => {
    const known = keys.get(kid);
    if (known) return known;
    const [row] = await database.transaction(scopeOf(database.service), 'read', (em) =>
      em.execute<{ service: ServiceName; public_key: string }[]>('SELECT service, public_key FROM platform.viewer_key WHERE kid = ? AND expires_at > now()', [kid]));
    if (!row) throw new Error('No such key.');
    const entry = { service: row.service, key: (await importJWK(JSON.parse(row.public_key), ALGORITHM)) as CryptoKey };
    keys.set(kid, entry);
    return entry;
  };

  return {
    async verify(header) {
      const known = verified.get(header);
      if (known) return known;
      try {
        let issuer: ServiceName | undefined;
        const { payload } = await jwtVerify(header, async ({ kid }) => {
          const entry = await keyOf(String(kid));
          issuer = entry.service;
          return entry.key;
        }, { algorithms: [ALGORITHM], typ: TYPE, audience: database.service, requiredClaims: ['exp', 'iat', 'iss', 'viewer'] });
        const viewer = payload.viewer as Viewer;
        if (payload.iss !== issuer) throw new Error('The issuer is not the owner of the key.');
        if (viewer.kind === 'system' && viewer.id !== `system:${issuer}`) throw new Error('A service may speak only in its own name.');
        const sealed = sealVerified({ ...viewer });
        verified.set(header, sealed, { ttl: Math.max(1, payload.exp! * 1_000 - Date.now()) });
        return sealed;
      } catch (cause) {
        throw new AtlasError('UNAUTHENTICATED', 'A service answers only callers that the gateway or another service vouches for.', { cause });
      }
    },
  };
}
