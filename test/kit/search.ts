/** Searching in a test, as somebody; what was just written is waited for by its token, as clients do it. */
import { newId } from '../../platform/ids.ts';
import { withRequest, type RequestInfo } from '../../platform/request.ts';
import type { SubgraphName } from '../../platform/service.ts';
import { writeTokens } from '../../platform/write-token.ts';
import type { GraphAnswer } from '../../platform/graph.ts';
import { eventually } from './eventually.ts';
import { dataOf, done, type Person } from './tenants.ts';
import type { Kit } from './services.ts';

const SEARCH = `query($query: String!, $filter: SearchFilter, $mode: SearchMode, $first: Int, $after: String, $atLeast: String) {
  search(query: $query, filter: $filter, mode: $mode, first: $first, after: $after, atLeast: $atLeast) {
    edges { cursor } nodes { item { id } score highlights { field text ranges { start end } } } facets { field values { value count } } totalCount degraded lagMs pageInfo { hasNextPage endCursor } } }`;

export interface Found {
  ids: string[]; totalCount: number; degraded: boolean; lagMs: number; facets: { field: string; values: { value: string; count: number }[] }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: { score: number; highlights: { field: string; text: string; ranges: { start: number; end: number }[] }[] }[];
}

export const searchAnswer = (kit: Kit, person: Person, query: string, more: Record<string, unknown> = {}): Promise<GraphAnswer> => kit.ask('search', SEARCH, { query, mode: 'KEYWORD', ...more }, person.viewer);

export async function searchOnce(kit: Kit, person: Person, query: string, more: Record<string, unknown> = {}): Promise<Found> {
  const found = dataOf(await searchAnswer(kit, person, query, more)).search;
  return { ...found, ids: found.nodes.map(({ item }: { item: { id: string } }) => item.id) };
}

/** With a token, as a client that asks again while it is told that its write has not been heard of: on a busy machine that may take longer than one answer waits. */
export const search = (kit: Kit, person: Person, query: string, more: Record<string, unknown> = {}): Promise<Found> => (more.atLeast === undefined
  ? searchOnce(kit, person, query, more)
  : eventually('a write to be found', async () => {
    const found = await searchOnce(kit, person, query, more);
    return found.degraded ? null : found;
  }));

/** Each by its own token: lanes hear of several writes at once, and any of them may be the last. */
export async function heardOf(kit: Kit, person: Person, made: readonly { token: string }[]): Promise<void> {
  for (const { token } of made) await search(kit, person, 'anything', { atLeast: token });
}

export const tokensOf = (kit: Kit) => writeTokens(kit.atlas.host.resourcesFor('search').secret);

/** A write's payload, and the token that the gateway would put beside it. */
export async function written(kit: Kit, person: Person, document: string, input: object, service: SubgraphName = 'collections'): Promise<{ payload: any; token: string }> {
  const info: RequestInfo = { requestId: newId('req'), address: null, userAgent: null, idempotencyKey: null };
  const answer = await withRequest(info, () => kit.atlas.services.get(service)!.graph.answer({ document, variables: { input }, viewer: person.viewer }));
  return { payload: done(answer), token: tokensOf(kit).seal(person.viewer.tenantId, info.told ?? []) };
}

const CREATE = 'mutation($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { code message } } }';

/** Its id, and the token of what made it. */
export async function newFindable(kit: Kit, by: Person, collectionId: string, input: Record<string, unknown> = {}): Promise<{ id: string; token: string }> {
  const { payload, token } = await written(kit, by, CREATE, { collectionId, title: 'A note', body: 'What it says', ...input });
  return { id: payload.item.id, token };
}
