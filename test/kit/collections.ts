/** Collections and items for a test, made the way clients make them: through the graph. */
import { newId, type ApiKeyId, type CollectionId } from '../../platform/ids.ts';
import { keyViewer, type TenantRole } from '../../platform/viewer.ts';
import type { Kit } from './services.ts';
import { done, type Person, type TestTenant } from './tenants.ts';

export const SHARE = 'mutation($input: ShareCollectionInput!) { shareCollection(input: $input) { member { user { id } everyone role } userErrors { code path } } }';
const ITEM = 'item { id title body url tags metadata version createdAt updatedAt deletedAt } userErrors { code path message }';

/** Any mutation about items, by its name. */
export const itemMutation = (name: string): string => {
  const field = name === 'deleteItem' ? 'itemId userErrors { code path message }' : ITEM;
  return `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${field} } }`;
};

/** Its id. */
export async function newCollection(kit: Kit, by: Person, input: Record<string, unknown> = {}): Promise<string> {
  const answer = await kit.ask('collections', 'mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } userErrors { code message } } }', { input: { name: 'Notes', ...input } }, by.viewer);
  return done(answer).collection.id;
}

/** Its id. */
export async function newItem(kit: Kit, by: Person, collectionId: string, input: Record<string, unknown> = {}): Promise<string> {
  const answer = await kit.ask('collections', 'mutation($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { code message } } }', { input: { collectionId, title: 'A note', body: 'What it says', ...input } }, by.viewer);
  return done(answer).item.id;
}

/** A person who has this part in the collection. */
export async function shareWith(kit: Kit, owner: Person, collectionId: string, person: Person, role: 'VIEWER' | 'EDITOR' | 'OWNER'): Promise<Person> {
  done(await kit.ask('collections', SHARE, { input: { collectionId, userId: person.userId, role } }, owner.viewer));
  return person;
}

/** A key that this person made, as the gateway would vouch for it. */
export const keyOf = (tenant: TestTenant, creator: Person, role: TenantRole, scopes: readonly string[], collectionIds: readonly string[] | null = null): Person => ({
  userId: creator.userId,
  viewer: keyViewer({ keyId: newId('key') as ApiKeyId, tenantId: tenant.id, createdBy: creator.userId, role, scopes, collectionIds: collectionIds as CollectionId[] | null, sandbox: tenant.sandbox }),
});
