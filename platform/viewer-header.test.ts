import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { newId } from './ids.ts';
import { viewerSigner, viewerVerifier, type ViewerSigner, type ViewerVerifier } from './viewer-header.ts';
import { isSealed, keyViewer, systemViewer, userViewer } from './viewer.ts';
import { startToy, type Toy } from '../test/kit/toy.ts';

let toy: Toy;
let signer: ViewerSigner;
let verifier: ViewerVerifier;
const viewer = userViewer({ userId: newId('usr'), sessionId: newId('ses'), tenantId: newId('tnt'), role: 'ADMIN' });
beforeAll(async () => {
  toy = await startToy();
  signer = await viewerSigner(toy.database);
  verifier = viewerVerifier(toy.database);
});
afterAll(() => toy.stop());

describe('a viewer between processes', () => {
  it('arrives as it left, sealed', async () => {
    const arrived = await verifier.verify(await signer.sign(viewer, 'tenants'));
    expect(arrived).toEqual(viewer);
    expect(isSealed(arrived)).toBe(true);
    const key = keyViewer({ keyId: newId('key'), tenantId: newId('tnt'), scopes: ['tenants:read'], collectionIds: ['col_1'], sandbox: true });
    expect(await verifier.verify(await signer.sign(key, 'tenants'))).toEqual(key);
  });

  it('is signed once for equal requests', async () => {
    expect(await signer.sign(viewer, 'tenants')).toBe(await signer.sign({ ...viewer }, 'tenants'));
    expect(await signer.sign(viewer, 'users')).not.toBe(await signer.sign(viewer, 'tenants'));
  });

  it.each([
    ['nothing', async () => ''],
    ['something else', async () => 'a.b.c'],
    ["a header for another service", () => signer.sign(viewer, 'users')],
    ['a changed claim', async () => {
      const [head, body, signature] = (await signer.sign(viewer, 'tenants')).split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { viewer: { role: string } };
      claims.viewer.role = 'OWNER';
      return `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    }],
    ['no signature', async () => {
      const [, body] = (await signer.sign(viewer, 'tenants')).split('.') as [string, string];
      return `${Buffer.from('{"alg":"none","typ":"atlas-viewer"}').toString('base64url')}.${body}.`;
    }],
    ['a key that nobody published', async () => {
      const { privateKey } = await generateKeyPair('EdDSA');
      return new SignJWT({ viewer: { ...viewer } }).setProtectedHeader({ alg: 'EdDSA', kid: 'x', typ: 'atlas-viewer' }).setIssuer('gateway').setAudience('tenants').setIssuedAt().setExpirationTime('1m').sign(privateKey);
    }],
    ["another service's name", () => signer.sign(systemViewer('gateway'), 'tenants')],
  ])('is refused with %s', async (_, header) => {
    await expect(verifier.verify(await header())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is refused when its minute is over', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    await toy.database.transaction({ kind: 'system', id: 'system:tenants', userId: null, tenantId: null }, 'write', async (em) =>
      em.execute(`INSERT INTO platform.viewer_key (kid, service, public_key, expires_at) VALUES ('old', 'tenants', ?, now() + interval '1 hour')`, [JSON.stringify(await exportJWK(publicKey))], 'run'));
    const sign = (seconds: number) => new SignJWT({ viewer: { ...viewer } }).setProtectedHeader({ alg: 'EdDSA', kid: 'old', typ: 'atlas-viewer' }).setIssuer('tenants').setAudience('tenants')
      .setIssuedAt(Math.floor(Date.now() / 1_000) - 120).setExpirationTime(Math.floor(Date.now() / 1_000) + seconds).sign(privateKey);
    await expect(verifier.verify(await sign(-1))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await verifier.verify(await sign(60))).toEqual(viewer);
  });

  it("lets a service publish a key in its own name only", async () => {
    const planted = toy.database.transaction({ kind: 'system', id: 'system:tenants', userId: null, tenantId: null }, 'write', (em) =>
      em.execute(`INSERT INTO platform.viewer_key (kid, service, public_key, expires_at) VALUES ('planted', 'gateway', '{}', now() + interval '1 hour')`, [], 'run'));
    await expect(planted).rejects.toThrow(/row-level security/);
  });
});
