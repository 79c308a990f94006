/**
 * One secret for the installation, from which every other key is derived by name: a cursor's key is worth nothing
 * against a stored token. Sealing is AES-256-GCM; marking is HMAC-SHA-256.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';

const KEYS_MAX = 1_000;

export interface Secret {
  /** A text that only this installation can make for this purpose and text. */
  mark(purpose: string, text: string): string;
  isMark(purpose: string, text: string, mark: string): boolean;
  seal(purpose: string, text: string): string;
  /** Null when it was not sealed here for this purpose. */
  open(purpose: string, sealed: string): string | null;
}

export function secretFrom(master: string): Secret {
  // Bounded, because some purposes are as many as the keys that clients send.
  const keys = new LRUCache<string, Buffer>({ max: KEYS_MAX });
  const key = (purpose: string): Buffer => {
    const known = keys.get(purpose) ?? Buffer.from(hkdfSync('sha256', master, 'atlas', purpose, 32));
    keys.set(purpose, known);
    return known;
  };
  const mark = (purpose: string, text: string) => createHmac('sha256', key(purpose)).update(text).digest('base64url');
  return {
    mark,
    isMark(purpose, text, given) {
      const expected = Buffer.from(mark(purpose, text));
      const actual = Buffer.from(given);
      return expected.length === actual.length && timingSafeEqual(expected, actual);
    },
    seal(purpose, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key(purpose), nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(purpose, sealed) {
      try {
        const bytes = Buffer.from(sealed, 'base64url');
        if (bytes.toString('base64url') !== sealed) return null; // what is no letter of it would be passed over
        const decipher = createDecipheriv('aes-256-gcm', key(purpose), bytes.subarray(0, 12), { authTagLength: 16 });
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}

/** The secret of an installation without ATLAS_SECRET: made once, kept beside the data, readable by its owner alone. */
export function embeddedSecret(folder: string): string {
  const file = join(folder, 'secret');
  mkdirSync(folder, { recursive: true });
  try {
    // `wx`: of two processes that start at once, one writes and the other reads.
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
