/** What one request of this service carries: who asks, and what has been loaded for them already. */
import type DataLoader from 'dataloader';
import type { Reference } from '../../../platform/graph-guard.ts';
import { isId, type AttachmentId, type CollectionId, type ItemId, type JobId } from '../../../platform/ids.ts';
import type { Job } from '../../../platform/jobs/jobs.ts';
import { batched, batchedBy, byId, type Loader } from '../../../platform/loader.ts';
import { check, type Rule } from '../../../platform/policy.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { FollowJob } from '../application/follow-job.ts';
import type { SeeAttachments } from '../application/see-attachments.ts';
import type { SeeCollections } from '../application/see-collections.ts';
import type { SeeItems } from '../application/see-items.ts';
import type { SeeJobs } from '../application/see-jobs.ts';
import type { SeeLinks } from '../application/see-links.ts';
import type { SeeRevisions } from '../application/see-revisions.ts';
import type { AttachmentSpan, TextSpan } from '../domain/attachment-ports.ts';
import type { Attachment } from '../domain/attachment.ts';
import type { CollectionView } from '../domain/collection-view.ts';
import type { ItemSeen } from '../domain/item.ts';
import type { ItemLink } from '../domain/link.ts';
import type { Revision, RevisionName, RevisionSpan } from '../domain/revision.ts';
import type { FollowByCursor } from './item-change-cursors.ts';
import { linksOf, type LinksAsked } from './links-loader.ts';
import { policy } from './policy.ts';
import { textsWithin } from './texts-loader.ts';

export interface Context {
  viewer: Viewer;
  followItemChanges: FollowByCursor;
  collections: Loader<CollectionId, CollectionView>;
  itemCounts: DataLoader<CollectionId, number | null>;
  collectionTags: DataLoader<CollectionId, string[] | null>;
  items: DataLoader<ItemId, ItemSeen | null>;
  jobs: DataLoader<JobId, Job | null>;
  followJob: FollowJob;
  revisions: DataLoader<RevisionSpan, Revision[], string>;
  revisionBodies: DataLoader<RevisionName, string | null, string>;
  revisionChanges: DataLoader<RevisionName, string[], string>;
  links: DataLoader<LinksAsked, ItemLink[], string>;
  attachments: DataLoader<AttachmentId, Attachment | null>;
  attachmentPages: DataLoader<AttachmentSpan, Attachment[], string>;
  attachmentTexts: DataLoader<TextSpan, string | null, string>;
}

export const contextOver = (given: { seeCollections: SeeCollections; seeItems: SeeItems; seeRevisions: SeeRevisions; seeLinks: SeeLinks; seeAttachments: SeeAttachments; followItemChanges: FollowByCursor; seeJobs: SeeJobs; followJob: FollowJob }) => (viewer: Viewer): Context => ({
  viewer,
  followItemChanges: given.followItemChanges,
  collections: batched<CollectionId, CollectionView>(async (ids) => byId(await given.seeCollections.byIds(viewer, ids))),
  itemCounts: batched<CollectionId, number>((ids) => given.seeCollections.itemCounts(viewer, ids)),
  collectionTags: batched<CollectionId, string[]>((ids) => given.seeCollections.tags(viewer, ids)),
  items: batched<ItemId, ItemSeen>(async (ids) => byId(await given.seeItems.byIds(viewer, ids)) as ReadonlyMap<ItemId, ItemSeen>),
  jobs: batched<JobId, Job>(async (ids) => byId(await given.seeJobs.byIds(viewer, ids))),
  followJob: given.followJob,
  revisions: batchedBy((spans) => given.seeRevisions.pages(viewer, spans)),
  revisionBodies: textsWithin((which, bytesMax) => given.seeRevisions.bodies(viewer, which, bytesMax)),
  revisionChanges: batchedBy((which) => given.seeRevisions.changes(viewer, which)),
  links: batchedBy((asked) => linksOf(given.seeLinks, viewer, asked)),
  attachments: batched<AttachmentId, Attachment>(async (ids) => byId(await given.seeAttachments.byIds(viewer, ids)) as ReadonlyMap<AttachmentId, Attachment>),
  attachmentPages: batchedBy((spans) => given.seeAttachments.pages(viewer, spans)),
  attachmentTexts: batchedBy((spans) => given.seeAttachments.texts(viewer, spans)),
});

/** Whoever hands an id out, and whoever types one: what is not shared with the caller is not there for them. A typed one also wants the scope of the field that would show it. */
export const references: Record<string, Reference<Context>> = {
  Collection: async ({ id, nodeId }, { viewer, collections }) => {
    const wanted = id ?? nodeId;
    return isId('col', wanted) && (id !== undefined || may('collection', viewer)) && viewer.tenantId ? collections.load(wanted) : null;
  },
  ApiKey: (key) => Promise.resolve(key), // who was shown it is the affair of tenants
  Item: async ({ id, nodeId }, { viewer, items }) => {
    const wanted = id ?? nodeId;
    return isId('itm', wanted) && (id !== undefined || may('item', viewer)) && viewer.tenantId ? items.load(wanted) : null;
  },
  Job: async ({ id, nodeId }, { viewer, jobs }) => {
    const wanted = id ?? nodeId;
    return isId('job', wanted) && (id !== undefined || may('job', viewer)) && viewer.tenantId ? jobs.load(wanted) : null;
  },
  Attachment: async ({ id, nodeId }, { viewer, attachments }) => {
    const wanted = id ?? nodeId;
    return isId('att', wanted) && (id !== undefined || may('item', viewer)) && viewer.tenantId ? attachments.load(wanted) : null;
  },
};

function may(field: string, viewer: Viewer): boolean {
  try {
    check(policy.Query![field] as Rule, viewer, null);
    return true;
  } catch {
    return false;
  }
}
