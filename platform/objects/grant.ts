/**
 * What a URL of the folder's allows, in the URL itself: what is to be done with which object until when, with a mark that
 * only this installation can make. Nothing is remembered, so any process of the installation can answer it.
 */
import { AtlasError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { ObjectKey } from './objects.ts';

const PURPOSE = 'object url';
/** Longer than any we make: what is longer is not looked at. */
const GRANT_MAX = 4_096;

/** `until` in ms. */
export type Grant =
  | { do: 'put'; key: ObjectKey; type: string; bytes: number; sha256?: string; until: number }
  | { do: 'get'; key: ObjectKey; type: string; name: string; until: number };

export function writeGrant(secret: Secret, grant: Grant): string {
  const said = Buffer.from(JSON.stringify(grant)).toString('base64url');
  return `${said}.${secret.mark(PURPOSE, said)}`;
}

/** Looks at the mark before anything else: until it holds, the rest is text from a stranger. */
export function readGrant(secret: Secret, written: string | null, now = Date.now()): Grant {
  const [said = '', mark = '', ...more] = (written ?? '').slice(0, GRANT_MAX + 1).split('.');
  if ((written ?? '').length > GRANT_MAX || more.length > 0 || !secret.isMark(PURPOSE, said, mark)) throw new AtlasError('URL_INVALID');
  const grant = JSON.parse(Buffer.from(said, 'base64url').toString('utf8')) as Grant;
  if (grant.until <= now) throw new AtlasError('URL_EXPIRED');
  return grant;
}
