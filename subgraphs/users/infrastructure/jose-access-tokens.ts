import { importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { AccessTokens } from '../domain/access-token.ts';

const ISSUER = 'atlas';

/** `signing` answers the key that signs now. */
export const joseAccessTokens = (given: { signing: () => Promise<{ kid: string; key: CryptoKey }>; lifeSeconds: number }): AccessTokens => ({
  async issue({ userId, sessionId }) {
    const { kid, key } = await given.signing();
    const now = Math.floor(Date.now() / 1_000);
    const expires = now + given.lifeSeconds;
    const token = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .setIssuer(ISSUER).setAudience(ISSUER).setSubject(userId).setIssuedAt(now).setExpirationTime(expires)
      .sign(key);
    return { token, expiresAt: new Date(expires * 1_000) };
  },
});

export const privateKeyFrom = async (jwk: JWK): Promise<CryptoKey> => (await importJWK(jwk, 'EdDSA')) as CryptoKey;
