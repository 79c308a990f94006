/**
 * What happened, told in the past tense. A service declares its events once with `defineEvent`; a new meaning is a new
 * version, never an edited one. The envelope carries what machines need (who, when, which tenant, which trace), so that
 * the audit trail, webhooks and metering can consume every event without importing anybody's contract.
 */
import type { Id, TenantId } from './ids.ts';

export interface Actor { kind: 'anonymous' | 'user' | 'key' | 'system' | 'ai'; id: string }
export interface UsageLine { metric: string; quantity: number; attributes?: Record<string, string> }
export interface AuditLine { entityType: string; entityId: string; before?: unknown; after?: unknown }

/** What an aggregate records: the fact, before anybody knows who asked for it. */
export interface Fact<Body = unknown> {
  type: string;
  version: number;
  body: Body;
  audit?: AuditLine;
  usage?: UsageLine[];
}

/** What travels: the fact with its circumstances. */
export interface Envelope<Body = unknown> extends Fact<Body> {
  id: Id<'evt'>;
  /** The aggregate that it happened to, and that aggregate's version afterwards: consumers upsert by it. */
  subject: string;
  subjectVersion: number;
  tenant: TenantId | null;
  at: string;
  actor: Actor;
  requestId: string | null;
  traceparent: string | null;
}

export interface EventType<Body> {
  (body: Body, more?: Pick<Fact, 'audit' | 'usage'>): Fact<Body>;
  readonly type: string;
  readonly version: number;
}

/** `defineEvent<{ userId: UserId }>('users.user-registered', 1)`: a constructor that also names itself. */
export function defineEvent<Body>(type: `${string}.${string}`, version: number): EventType<Body> {
  const make = (body: Body, more: Pick<Fact, 'audit' | 'usage'> = {}): Fact<Body> => ({ type, version, body, ...more });
  return Object.assign(make, { type, version });
}
