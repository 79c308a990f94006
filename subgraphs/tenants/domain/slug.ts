/** A tenant's name in addresses. Unique over all tenants by nature, so that somebody can learn that a slug is taken; nothing more. */
import { AtlasError } from '../../../platform/errors.ts';
import { invalid } from '../../../platform/text.ts';

const SLUG = /^[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]$/;
const LENGTH_MAX = 40;
const SUFFIX_LENGTH = 6;

/** Words that stand, or may one day stand, where a slug does, and words that would let a tenant pose as Atlas. */
const RESERVED = new Set([
  'www', 'api', 'app', 'admin', 'graphql', 'graphiql', 'health', 'ready', 'metrics', 'login', 'logout', 'signup', 'register', 'account',
  'atlas', 'system', 'gateway', 'users', 'tenants', 'tenant', 'billing', 'search', 'webhooks', 'static', 'assets', 'docs', 'help', 'support',
  'status', 'security', 'mail', 'public', 'internal', 'root', 'invite', 'new', 'null', 'undefined',
]);

export const slugTaken = (): AtlasError => new AtlasError('SLUG_TAKEN', undefined, { path: ['input', 'slug'] });

export function slugOf(text: string): string {
  const slug = text.trim();
  if (!SLUG.test(slug)) throw invalid('3 to 40 lower-case letters, digits and hyphens; neither the first nor the last is a hyphen.', 'slug');
  if (RESERVED.has(slug)) throw slugTaken();
  return slug;
}

/** A slug that nobody chose: from the name where it has Latin letters, and never a reserved one. `id` makes it unlike any other. */
export function slugFrom(name: string, id: string, unlikeOthers = false): string {
  const plain = trimmed(name.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-'), LENGTH_MAX);
  if (!unlikeOthers && SLUG.test(plain) && !RESERVED.has(plain)) return plain;
  return `${trimmed(plain, LENGTH_MAX - SUFFIX_LENGTH - 1) || 'tenant'}-${id.slice(-SUFFIX_LENGTH)}`;
}

const trimmed = (text: string, max: number): string => text.replace(/^-+/, '').slice(0, max).replace(/-+$/, '');
