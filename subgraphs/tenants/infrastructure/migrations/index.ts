import { outbox } from './0001-outbox.ts';
import { tenants } from './0002-tenants.ts';

export const migrations = [outbox, tenants];
