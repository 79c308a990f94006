/** Collections and items for a test, made the way clients make them: through the graph. */
import type { Kit } from './services.ts';
import { done, type Person } from './tenants.ts';

export const SHARE = 'mutation($input: ShareCollectionInput!) { shareCollection(input: $input) { member { user { id } everyone role } userErrors { code path } } }';

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
