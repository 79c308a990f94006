/** For whom a transaction is, said in the round trip in which it begins. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { AtlasError } from '../errors.ts';
import { isId } from '../ids.ts';
import type { ServiceName } from '../names.ts';
import type { Viewer } from '../viewer.ts';

/** For whom: what row-level security sees. A Viewer is one; `{ ...viewer, tenantId }` acts in another tenant. */
export type Scope = Pick<Viewer, 'kind' | 'id' | 'userId' | 'tenantId'>;

export interface Transactions {
  /**
   * One transaction. It commits when `body` resolves; the entity manager is flushed by the caller. `concerned` names, once
   * it has committed, the principals beside the caller who must see it at once.
   */
  transaction<T>(scope: Scope, mode: 'read' | 'write', body: (em: EntityManager) => Promise<T>, concerned?: () => readonly string[]): Promise<T>;
  /** A read that may lag behind what others write, never behind what the caller wrote. What is not whole is read again, of the primary. */
  glance<T>(scope: Scope, body: (em: EntityManager) => Promise<T>, isWhole?: (found: T) => boolean): Promise<T>;
}

export type Preamble = (scope: Scope, mode: 'read' | 'write') => string;

/** ids are checked by pattern first, so the string can hold nothing else. */
export const preambleOf = (service: ServiceName): Preamble => ({ tenantId, userId }, mode) => {
  if (tenantId !== null && !isId('tnt', tenantId)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A scope with a malformed tenant id.') });
  if (userId !== null && !isId('usr', userId)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A scope with a malformed user id.') });
  return `BEGIN${mode === 'read' ? ' READ ONLY' : ''}; SET LOCAL ROLE atlas_${service}; SET LOCAL app.tenant_id = '${tenantId ?? ''}'; SET LOCAL app.user_id = '${userId ?? ''}'`;
};
