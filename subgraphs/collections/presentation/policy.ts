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
    job: member('GUEST', 'collections:read'),
    jobs: member('GUEST', 'collections:read'),
  },
  Mutation: {
    createCollection: member('MEMBER', 'collections:write'),
    'updateCollection deleteCollection shareCollection unshareCollection': member('GUEST', 'collections:write'),
    createUpload: member('GUEST', 'items:write'),
    'createItem updateItem deleteItem restoreItem restoreRevision linkItems unlinkItems': member('GUEST', 'items:write'),
    importItems: member('GUEST', 'items:write'),
    'exportCollection cancelJob retryJob': member('GUEST', 'collections:read'),
  },
  Subscription: { 'itemChanged jobProgress': member('GUEST', 'collections:read') },
  Collection: { 'id nodeId name description settings createdAt updatedAt createdBy viewerRole itemCount tags members items': holder },
  CollectionMember: { 'user everyone role addedAt': holder },
  Item: { 'id nodeId title body url tags metadata version createdAt updatedAt deletedAt collection createdBy updatedBy revisions links': holder },
  Revision: { 'version title body url tags metadata at by deletedAt restoredFrom changed': holder },
  ItemLink: { 'kind item depth direction': holder },
  Job: { 'id nodeId kind state progress note attempts error createdAt startedAt finishedAt startedBy isCancelling result': holder },
  ItemChange: { 'cursor kind itemId item': holder },
  User: { id: holder },
  ApiKey: { 'id collectionIds collections': holder },
  CollectionConnection: page, CollectionEdge: edge,
  JobConnection: page, JobEdge: edge,
  CollectionMemberConnection: page, CollectionMemberEdge: edge,
  ItemConnection: page, ItemEdge: edge,
  RevisionConnection: page, RevisionEdge: edge,
  ItemLinkConnection: page, ItemLinkEdge: edge,
  CreateCollectionPayload: { 'collection userErrors': holder },
  UpdateCollectionPayload: { 'collection userErrors': holder },
  DeleteCollectionPayload: { 'collectionId userErrors': holder },
  ShareCollectionPayload: { 'collection member userErrors': holder },
  UnshareCollectionPayload: { 'collection userErrors': holder },
  Header: { 'name value': holder },
  Upload: { 'id url method headers expiresAt': holder },
  CreateUploadPayload: { 'upload userErrors': holder },
  CreateItemPayload: { 'item userErrors': holder },
  UpdateItemPayload: { 'item userErrors': holder },
  DeleteItemPayload: { 'itemId userErrors': holder },
  ImportItemsPayload: { 'job userErrors': holder },
  ExportCollectionPayload: { 'job userErrors': holder },
  CancelJobPayload: { 'job userErrors': holder },
  RetryJobPayload: { 'job userErrors': holder },
  RestoreItemPayload: { 'item userErrors': holder },
  RestoreRevisionPayload: { 'item userErrors': holder },
  LinkItemsPayload: { 'item userErrors': holder },
  UnlinkItemsPayload: { 'item userErrors': holder },
};
