import type { EntityManager } from '@mikro-orm/postgresql';
import { groundOf, groundWithin, type Ground, type Rows } from '../../../platform/database/statement.ts';
import type { Ports } from '../domain/document-ports.ts';
import { PostgresDocuments } from './postgres-documents.ts';
import { PostgresFollowers } from './postgres-followers.ts';
import { PostgresHandled } from './postgres-handled.ts';
import { PostgresSavedSearches } from './postgres-saved-searches.ts';
import { PostgresUnheard } from './postgres-unheard.ts';
import { SavedSearchTable } from './saved-search.table.ts';

export const tables = [SavedSearchTable];

const portsOn = (consumer: string, on: Ground): Ports => ({
  documents: new PostgresDocuments(on),
  unheard: new PostgresUnheard(on),
  handled: new PostgresHandled(on, consumer),
  savedSearches: new PostgresSavedSearches(on),
  followers: new PostgresFollowers(on),
});
/** `consumer` is the one whose events are asked after. */
export const portsOver = (consumer: string) => (em: EntityManager): Ports => portsOn(consumer, groundWithin(em));
export const viewsOver = (consumer: string) => (rows: Rows): Ports => portsOn(consumer, groundOf(rows));
