/** What collections tells: collections, who has a part in them, their items, how items hang together, and the files that belong to them. Neighbours import this file and nothing else. */
import { defineEvent, described, flag, id, list, nullable, oneOf, text, whole } from '../../platform/event.ts';

const collectionId = id('col');
const itemId = id('itm');
const role = oneOf('OWNER', 'EDITOR', 'VIEWER');
const who = described(nullable(id('usr')), 'Null: everyone who is at least MEMBER in the tenant.');

export const collectionCreated = defineEvent('collections.collection-created', 1, { collectionId, name: text });
export const collectionUpdated = defineEvent('collections.collection-updated', 1, { collectionId, name: text });
export const collectionDeleted = defineEvent('collections.collection-deleted', 1, { collectionId, name: text });
export const collectionShared = defineEvent('collections.collection-shared', 1, { collectionId, userId: who, role });
export const collectionUnshared = defineEvent('collections.collection-unshared', 1, { collectionId, userId: who });

// What an item says is read from its graph: an event would carry a megabyte through every log there is.
const itemFacts = { collectionId, itemId, title: text, version: described(whole, 'Of the item, after this change.') };
export const itemCreated = defineEvent('collections.item-created', 1, itemFacts);
export const itemUpdated = defineEvent('collections.item-updated', 1, { ...itemFacts, changed: described(list(text), 'The fields that are not as they were.') });
export const itemDeleted = defineEvent('collections.item-deleted', 1, itemFacts);
export const itemRestored = defineEvent('collections.item-restored', 1, itemFacts);

const linkFacts = { collectionId, itemId: described(itemId, 'Where the links begin.'), kind: text, toIds: described(list(itemId), 'Where they end; in collections that may be others.') };
export const itemsLinked = defineEvent('collections.items-linked', 1, linkFacts);
export const itemsUnlinked = defineEvent('collections.items-unlinked', 1, linkFacts);
/** How many items one event of an import names at most. */
export const IMPORTED_MAX = 500;
export const itemsImported = defineEvent('collections.items-imported', 1, {
  collectionId, jobId: described(id('job'), 'The job that imports them.'), itemIds: described(list(itemId), 'Those that are new, up to 500; a larger import is told in several events.'),
});

// Of a file, never what it says: whoever may read it asks the graph.
const attachmentFacts = { collectionId, itemId, attachmentId: id('att'), name: described(text, 'What the file is called.') };
export const attachmentAdded = defineEvent('collections.attachment-added', 1, { ...attachmentFacts, type: described(text, 'Its media type.'), bytes: whole });
export const attachmentRemoved = defineEvent('collections.attachment-removed', 1, attachmentFacts);
export const attachmentRead = defineEvent('collections.attachment-read', 1, { ...attachmentFacts, characters: described(whole, 'Of the text that was found in it.'), truncated: described(flag, 'Whether the file has more text than is kept.') });

/** A long time after it was deleted: nothing brings it back. */
export const itemsPurged = defineEvent('collections.items-purged', 1, {
  jobId: described(id('job'), 'The job that clears away; each of its batches is told.'), items: whole, files: described(whole, 'The files that belonged to them.'), bytes: described(whole, 'Of those files.'),
});
