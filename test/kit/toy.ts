/** The smallest service there can be, for trying the platform without one of the six: notes of a tenant, in schema `tenants`. */
import { EntitySchema, type EntityManager } from '@mikro-orm/postgresql';
import pg from 'pg';
import { Aggregate } from '../../platform/aggregate.ts';
import { databaseOpener, type Database, type Scope } from '../../platform/database/database.ts';
import { tenantTable } from '../../platform/database/rights.ts';
import { RELAY_ROLE } from '../../platform/database/roles.ts';
import { AtlasError } from '../../platform/errors.ts';
import { defineEvent, text, type Envelope, type Fact } from '../../platform/event.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { outboxTables } from '../../platform/outbox/tables.ts';
import type { Replica } from '../../platform/database/replica/replica.ts';
import { deskOver, type Desk } from '../../platform/work.ts';
import { freshDatabase, type TestDatabase } from './databases.ts';

export const noteWritten = defineEvent('tenants.note-written', 1, { noteId: text, text });

export class Note extends Aggregate {
  readonly id!: string;
  readonly tenantId!: TenantId;
  text!: string;
  static write(tenantId: TenantId, text: string): Note {
    const note = Object.assign(new Note(), { id: newId('evt'), tenantId, text });
    note.record(noteWritten({ noteId: note.id, text }));
    return note;
  }
  tell(fact: Fact): void {
    this.record(fact);
  }
  change(text: string): void {
    this.text = text;
    this.record(noteWritten({ noteId: this.id, text }));
  }
}

const NoteTable = new EntitySchema<Note>({
  class: Note, tableName: 'note',
  properties: {
    id: { type: 'text', primary: true },
    tenantId: { type: 'text', fieldName: 'tenant_id' },
    text: { type: 'text' },
    version: { type: 'integer', version: true, default: 1 },
  },
});

const migrations = [{
  name: '0001-notes',
  sql: `${outboxTables('tenants')}
    CREATE TABLE tenants.note (id text PRIMARY KEY, tenant_id text NOT NULL, text text NOT NULL, version int NOT NULL DEFAULT 1);
    CREATE UNIQUE INDEX note_text ON tenants.note (tenant_id, text);
    ${tenantTable('tenants', 'note')}`,
}];

export interface Notes { add(note: Note): void; all(): Promise<Note[]>; byId(id: string): Promise<Note | null> }
const notesOver = (em: EntityManager): { notes: Notes } => ({
  notes: {
    add: (note) => void em.persist(note),
    all: () => em.find(NoteTable, {}, { orderBy: { id: 'asc' } }),
    byId: (id) => em.findOne(NoteTable, { id }),
  },
});

export interface Toy {
  database: Database;
  desk: Desk<{ notes: Notes }>;
  logged: string[];
  open(): Promise<Database>;
  outbox(): Promise<Envelope[]>;
  stop(): Promise<void>;
}

/** Over a fresh database of the run, or one that the test brings, be it with a replica. */
export async function startToy(given: { at?: TestDatabase; replica?: Replica } = {}): Promise<Toy> {
  const at = given.at ?? await freshDatabase();
  const logged: string[] = [];
  const log = openLog({ level: 'debug', pretty: false, destination: { write: (line) => void logged.push(line) } });
  const open = () => databaseOpener({ url: at.url, ownerUrl: at.ownerUrl, replica: given.replica, poolMax: 6, statementMs: 10_000, log })({ service: 'tenants', tables: [NoteTable], migrations });
  const database = await open();
  const relay = new pg.Pool({ connectionString: at.url, max: 1, options: `-c role=${RELAY_ROLE}` });
  const desk = deskOver(database, { ports: notesOver, conflicts: { note_text: () => new AtlasError('SLUG_TAKEN', 'There is such a note already.') } });
  return {
    database, desk, logged, open,
    outbox: async () => (await relay.query<{ envelope: Envelope }>('SELECT envelope FROM tenants.outbox ORDER BY seq')).rows.map(({ envelope }) => envelope),
    async stop() {
      await Promise.all([database.close(), relay.end()]);
      await at.drop();
    },
  };
}

export const scopeOf = (tenantId: TenantId | null): Scope => ({ kind: 'user', id: 'usr_0000000000000000000000000a', userId: null, tenantId });
