/** For whom a transaction is, said in the round trip in which it begins. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { AtlasError } from '../errors.ts';
import { isId } from '../ids.ts';
import type { ServiceName } from '../names.ts';
import type { Viewer } from '../viewer.ts';
import type { Rows } from './statement.ts';

/**
 * For whom: what row-level security sees. A Viewer is one; `{ ...viewer, tenantId }` acts in another tenant, and
 * `{ ...viewer, access: 'all' }` reads or writes past the shares within it, where a use case has decided that.
 */
export type Scope = Pick<Viewer, 'kind' | 'id' | 'userId' | 'tenantId'> & Partial<Pick<Viewer, 'role' | 'standsFor' | 'scopes' | 'collectionIds'>> & { access?: 'all' };

export interface Transactions {
  /**
   * One transaction. It commits when `body` resolves; the entity manager is flushed by the caller. `concerned` names, once
   * it has committed, the principals beside the caller who must see it at once.
   */
  transaction<T>(scope: Scope, mode: 'read' | 'write', body: (em: EntityManager) => Promise<T>, concerned?: () => readonly string[]): Promise<T>;
  /** Statements that only read, and hold no connection between them. */
  read<T>(scope: Scope, body: (rows: Rows) => Promise<T>): Promise<T>;
  /** A read that may lag behind what others write, never behind what the caller wrote. What is not whole is read again, of the primary. */
  glance<T>(scope: Scope, body: (em: EntityManager) => Promise<T>, isWhole?: (found: T) => boolean): Promise<T>;
  /** The same by statements alone. */
  readLagging<T>(scope: Scope, body: (rows: Rows) => Promise<T>, isWhole?: (found: T) => boolean): Promise<T>;
}

export type Preamble = (scope: Scope, mode: 'read' | 'write') => string;

/** ids are checked by pattern first, so the string can hold nothing else. */
export const preambleOf = (service: ServiceName): Preamble => (scope, mode) => {
  const { tenantId, userId } = scope;
  if (tenantId !== null && !isId('tnt', tenantId)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A scope with a malformed tenant id.') });
  if (userId !== null && !isId('usr', userId)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A scope with a malformed user id.') });
  return `BEGIN${mode === 'read' ? ' READ ONLY' : ''}; SET LOCAL ROLE atlas_${service}; SET LOCAL app.tenant_id = '${tenantId ?? ''}'; SET LOCAL app.user_id = '${userId ?? ''}'${rightsOf(scope)}`;
};

/** What of a tenant somebody sees whose things are shared one by one: only what is said is sent, and all of it ends with the transaction. */
function rightsOf({ kind, role, standsFor, scopes, collectionIds, access }: Scope): string {
  const reach = access ?? (kind === 'system' || role === 'OWNER' || role === 'ADMIN' ? 'all' : role === 'MEMBER' || role === 'GUEST' ? role.toLowerCase() : null);
  const said = {
    access: reach,
    person: standsFor != null && isId('usr', standsFor) ? standsFor : null,
    scopes: kind === 'key' ? `key ${(scopes ?? []).filter((scope) => SCOPE.test(scope)).join(' ')}` : null,
    held_to: collectionIds ? `held ${collectionIds.filter((id) => isId('col', id)).join(' ')}` : null,
  };
  return Object.entries(said).map(([name, value]) => (value === null ? '' : `; SET LOCAL app.${name} = '${value}'`)).join('');
}
const SCOPE = /^[a-z]+:[a-z]+$/;
