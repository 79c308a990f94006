import { connectionFields } from '../../../platform/page.ts';
import { holder, member, type PolicyTable } from '../../../platform/policy.ts';

const page = { [connectionFields]: holder };
const edge = { 'cursor node': holder };

/** Who may see and do what in collections. What is shared with whom decides further, in the use cases and in the database. */
export const policy: PolicyTable = {
  Query: {
    collections: member('GUEST', 'collections:read'),
    collection: member('GUEST', 'collections:read'),
    item: member('GUEST', 'collections:read'),
  },
  Mutation: {
    createCollection: member('MEMBER', 'collections:write'),
    'updateCollection deleteCollection shareCollection unshareCollection': member('GUEST', 'collections:write'),
    'createItem updateItem deleteItem restoreItem': member('GUEST', 'items:write'),
  },
  Subscription: { itemChanged: member('GUEST', 'collections:read') },
  Collection: { 'id nodeId name description settings createdAt updatedAt createdBy viewerRole itemCount tags members': holder },
  CollectionMember: { 'user everyone role addedAt': holder },
  Item: { 'id nodeId title body url tags metadata version createdAt updatedAt deletedAt collection createdBy updatedBy': holder },
  ItemChange: { 'cursor kind itemId item': holder },
  User: { id: holder },
  CollectionConnection: page, CollectionEdge: edge,
  CollectionMemberConnection: page, CollectionMemberEdge: edge,
  CreateCollectionPayload: { 'collection userErrors': holder },
  UpdateCollectionPayload: { 'collection userErrors': holder },
  DeleteCollectionPayload: { 'collectionId userErrors': holder },
  ShareCollectionPayload: { 'collection member userErrors': holder },
  UnshareCollectionPayload: { 'collection userErrors': holder },
  CreateItemPayload: { 'item userErrors': holder },
  UpdateItemPayload: { 'item userErrors': holder },
  DeleteItemPayload: { 'itemId userErrors': holder },
  RestoreItemPayload: { 'item userErrors': holder },
};
