/** In the order in which they run. A migration that has run is never edited. */
import type { Migration } from '../../../../platform/database/migrate.ts';
import { users } from './0001-users.ts';

export const migrations: readonly Migration[] = [users];
