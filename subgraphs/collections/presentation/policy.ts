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
    createUpload: member('GUEST', 'items:write'),
    'createItem updateItem deleteItem restoreItem restoreRevision linkItems unlinkItems attachFile removeAttachment': member('GUEST', 'items:write'),
  },
  Subscription: { itemChanged: member('GUEST', 'collections:read') },
  Collection: { 'id nodeId name description settings createdAt updatedAt createdBy viewerRole itemCount tags members items': holder },
  CollectionMember: { 'user everyone role addedAt': holder },
  Item: { 'id nodeId title body url tags metadata version createdAt updatedAt deletedAt collection createdBy updatedBy revisions links attachments': holder },
  Revision: { 'version title body url tags metadata at by deletedAt restoredFrom changed': holder },
  ItemLink: { 'kind item depth direction': holder },
  ItemChange: { 'cursor kind itemId item': holder },
  User: { id: holder },
  CollectionConnection: page, CollectionEdge: edge,
  CollectionMemberConnection: page, CollectionMemberEdge: edge,
  ItemConnection: page, ItemEdge: edge,
  RevisionConnection: page, RevisionEdge: edge,
  ItemLinkConnection: page, ItemLinkEdge: edge,
  CreateCollectionPayload: { 'collection userErrors': holder },
  UpdateCollectionPayload: { 'collection userErrors': holder },
  DeleteCollectionPayload: { 'collectionId userErrors': holder },
  ShareCollectionPayload: { 'collection member userErrors': holder },
  UnshareCollectionPayload: { 'collection userErrors': holder },
  Attachment: { 'id nodeId name type bytes sha256 createdAt createdBy url item text': holder },
  AttachmentText: { 'state content characters truncated code reason': holder },
  AttachmentConnection: page, AttachmentEdge: edge,
  AttachFilePayload: { 'attachment userErrors': holder },
  RemoveAttachmentPayload: { 'attachmentId userErrors': holder },
  Header: { 'name value': holder },
  Upload: { 'id url method headers expiresAt': holder },
  CreateUploadPayload: { 'upload userErrors': holder },
  CreateItemPayload: { 'item userErrors': holder },
  UpdateItemPayload: { 'item userErrors': holder },
  DeleteItemPayload: { 'itemId userErrors': holder },
  RestoreItemPayload: { 'item userErrors': holder },
  RestoreRevisionPayload: { 'item userErrors': holder },
  LinkItemsPayload: { 'item userErrors': holder },
  UnlinkItemsPayload: { 'item userErrors': holder },
};
