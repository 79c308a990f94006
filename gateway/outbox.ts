import type { Migration } from '../platform/database/migrate.ts';
import { outboxTable } from '../platform/outbox/tables.ts';

/** The gateway hears nothing and changes nothing; it only tells. */
export const outbox: Migration = { name: '0001-outbox', sql: outboxTable('gateway') };
