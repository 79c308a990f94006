import type { AuditEvent, ChainName, End, Head } from './audit-chain.ts';

/** What to look for; what is left out does not matter. */
export interface AuditFilter {
  entityType?: string | null;
  entityId?: string | null;
  actorId?: string | null;
  action?: string | null;
  /** From this moment on, and until before that one. */
  from?: Date | null;
  to?: Date | null;
}

/** The rows, heads and marks of the chains. A work or look sees the chain of its tenant; one without, that of the system. */
export interface AuditTrails {
  end(chain: ChainName): Promise<End>;
  /** Held until the work is done, so that whoever appends appends alone; and whether the event stands in the chain already. Null: nothing was appended yet. */
  lockedHead(chain: ChainName, id: string): Promise<{ head: Head | null; has: boolean }>;
  /** The place of the last row there is, whatever the head says. */
  lastSeq(chain: ChainName): Promise<number>;
  append(row: AuditEvent, head: Head): Promise<void>;
  /** In order, beginning with all that stands in this place; from place 0 on, with whatever comes first. */
  from(chain: ChainName, seq: number, limit: number): Promise<AuditEvent[]>;
  /** The newest first. */
  page(chain: ChainName, filter: AuditFilter, span: { first: number; after: readonly string[] | null }): Promise<AuditEvent[]>;
  byIds(chain: ChainName, ids: readonly string[]): Promise<AuditEvent[]>;
  /** Up to where the chain was verified before. */
  mark(chain: ChainName): Promise<Head | null>;
  keepMark(chain: ChainName, mark: Head): Promise<void>;
}
