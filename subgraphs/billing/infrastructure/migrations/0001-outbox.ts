import type { Migration } from '../../../../platform/database/migrate.ts';
import { outboxTables } from '../../../../platform/outbox/tables.ts';

export const outbox: Migration = { name: '0001-outbox', sql: outboxTables('billing') };
