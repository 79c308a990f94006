/**
 * A secret that arrives before its tenant is known carries it: under row-level security nobody could look it up
 * otherwise. `<kind>_<tenant suffix>_<secret>_<crc>`: letters, digits and underscores only, so that a double click
 * selects the whole; the checksum refuses a torn copy without asking any database. Only the hash is ever stored.
 */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isId, type TenantId } from './ids.ts';

export interface TenantToken { kind: string; tenantId: TenantId; hash: string }

/** 200 bits: the few that a list shows do not weaken the rest. */
export const SECRET_BYTES = 25;
const SECRET = /^[0-9a-hjkmnp-tv-z]{40}$/;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH_MAX = 120;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Five bits a letter, without the letters that look alike. */
function base32(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let at = 0; at < (bytes.length * 8) / 5; at += 1, bits >>= 5n) text = ALPHABET[Number(bits & 31n)] + text;
  return text;
}

/** `bytes` is for a secret that must come out the same again; otherwise it is random. */
export function makeTenantToken(kind: string, tenantId: TenantId, bytes: Uint8Array = randomBytes(SECRET_BYTES)): { token: string; hash: string } {
  if (bytes.length < SECRET_BYTES) throw new Error(`A token needs ${SECRET_BYTES} bytes.`);
  const body = `${kind}_${tenantId.slice('tnt_'.length)}_${base32(bytes.subarray(0, SECRET_BYTES))}`;
  const token = `${body}_${checksum(body)}`;
  return { token, hash: hashOf(token) };
}

/** Null for whatever was not made here: nothing is asked of a database for it. */
export function parseTenantToken(text: string): TenantToken | null {
  if (text.length > LENGTH_MAX) return null;
  const parts = text.split('_');
  const [crc, secret = '', suffix] = [parts.pop(), parts.pop(), parts.pop()];
  const kind = parts.join('_');
  const tenantId = `tnt_${suffix}`;
  if (!isId('tnt', tenantId) || !SECRET.test(secret) || crc !== checksum(`${kind}_${suffix}_${secret}`)) return null;
  return { kind, tenantId, hash: hashOf(text) };
}
