import { isId } from '../../../platform/ids.ts';
import type { User } from '../domain/user.ts';
import { mayFind } from '../domain/relation.ts';
import { relationTo, type UsersContext } from './context.ts';

/**
 * By `id` a service hands out somebody whom the caller met there, so the name is shown. By `nodeId` a client has typed
 * it: unless the two share a tenant there is nobody, the same for an id that never was. When tenants does not answer,
 * neither do we: a null would say "there is nobody", and a client may keep that. The error is the same for every id.
 */
export async function userReference(reference: Record<string, string>, context: UsersContext): Promise<User | null> {
  const { id, nodeId } = reference;
  if (id !== undefined) return isId('usr', id) ? context.users.load(id) : null;
  if (!isId('usr', nodeId)) return null;
  return mayFind(await relationTo(context, nodeId)) ? context.users.load(nodeId) : null;
}
