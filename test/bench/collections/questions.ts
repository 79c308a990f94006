/** What is asked of each side: the same rows, in the words of its own graph. */
import { newId } from '../../../platform/ids.ts';
import type { World } from './world.ts';

export const KINDS = { point: 'one item by its id', list: 'a page of 50, each with its collection and its last revision', create: 'one item more' } as const;
export type Kind = keyof typeof KINDS;
export type Side = 'atlas' | 'postgraphile' | 'floor';
export interface Question { bodies: string[]; /** What an answer is about, to hold one side's to another's. */ seen(data: any): unknown }

/** A fresh id in each request that is sent. */
export const FRESH = '$FRESH$';
const TEXT = 'What somebody has just found out, in a few words. '.repeat(8);

const DOCUMENTS: Record<Exclude<Side, 'floor'>, Record<Kind, string>> = {
  atlas: {
    point: 'query point($id: ID!) { item(id: $id) { id title body url tags metadata version createdAt updatedAt } }',
    list: 'query list($id: ID!) { collection(id: $id) { items(first: 50) { nodes { id title tags updatedAt collection { id name } revisions(first: 1) { nodes { version at } } } } } }',
    create: 'mutation create($input: CreateItemInput!) { createItem(input: $input) { item { id title body url tags metadata version createdAt updatedAt } userErrors { code message } } }',
  },
  postgraphile: {
    point: 'query point($id: String!) { item: itemByRowId(rowId: $id) { id: rowId title body url tags metadata version createdAt updatedAt } }',
    list: `query list($id: String!) { collection: collectionByRowId(rowId: $id) { items: itemsByCollectionId(first: 50, orderBy: [CREATED_AT_DESC, ROW_ID_DESC], condition: { deletedAt: null }) {
      nodes { id: rowId title tags updatedAt collection: collectionByCollectionId { id: rowId name } revisions: revisionsByItemId(first: 1, orderBy: [VERSION_DESC]) { nodes { version at } } } } } }`,
    create: 'mutation create($input: CreateItemInput!) { createItem(input: $input) { item { id: rowId title body url tags metadata version createdAt updatedAt } } }',
  },
};

export function questionOf(side: Side, kind: Kind, world: World): Question {
  const query = side === 'floor' ? '' : DOCUMENTS[side][kind];
  const body = (variables: object) => JSON.stringify({ query, operationName: kind, variables });
  if (kind === 'point') return { bodies: world.items.map((id) => body({ id })), seen: ({ item }) => [item.id, item.title, item.body, item.tags] };
  if (kind === 'list') {
    return {
      bodies: world.collections.map((id) => body({ id })),
      seen: ({ collection }) => collection.items.nodes.map(({ id, tags, collection: { name }, revisions }: any) => [id, tags, name, revisions.nodes.length]),
    };
  }
  return { bodies: world.collections.map((collectionId) => body(newItem(side, collectionId, world))), seen: () => 'made' };
}

/** Atlas knows by itself who makes it, where and when; it is checked as rows are. */
function newItem(side: Side, collectionId: string, { tenantId, userId }: World): object {
  const content = { collectionId, title: 'Found out', body: TEXT, tags: ['bench'], metadata: {} };
  if (side === 'atlas') return { input: content };
  const at = new Date().toISOString();
  if (side === 'floor') return { row: { ...content, id: FRESH, tenantId, createdBy: userId } };
  return { input: { item: { ...content, rowId: FRESH, tenantId, createdBy: userId, updatedBy: userId, createdAt: at, updatedAt: at } } };
}

export const fresh = (body: string): string => body.replace(FRESH, () => newId('itm'));
