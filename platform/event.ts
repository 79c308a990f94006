/**
 * What happened, told in the past tense. A service declares its events once with `defineEvent`, body and all; a new
 * meaning is a new version, never an edited one, and says with `formerly` how the older one is read. The envelope carries what machines need (who, when, which tenant, which trace), so that
 * the audit trail, webhooks and metering can consume every event without importing anybody's contract.
 */
import { bodyOf, misfit, usageLines, type BodyOf, type Field, type Shape } from './event-shape.ts';
import type { Decimal } from './decimal.ts';
import type { Id, TenantId } from './ids.ts';

export { described, exact, flag, id, list, moment, named, nullable, oneOf, text, whole, type BodyOf } from './event-shape.ts';

export interface Actor { kind: 'anonymous' | 'user' | 'key' | 'system' | 'ai'; id: string }
/** Something that is counted. `quantity` is an exact decimal as a text, for sums of it become money; below zero where something went away. */
export interface UsageLine { metric: string; quantity: Decimal; attributes?: Record<string, string> }
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

/** One version of an event: how its body looks, and how a reader of today understands it. */
interface Version<Body> { version: number; body: Field; read(body: unknown): Body }

export interface EventType<Body> {
  (body: Body, more?: Pick<Fact, 'audit' | 'usage'>): Fact<Body>;
  readonly type: string;
  readonly version: number;
  /** Every version that was ever told, today's first: all of them may still stand in the log. */
  readonly versions: readonly Version<Body>[];
  /** The event as today's version would have told it; throws when its version is not known here. */
  read(event: Envelope): Envelope<Body>;
}

/** What a fact must look like to be told. Beside the fact, not in it: the whole fact travels. */
const declared = new WeakMap<Fact, Field>();

/** `defineEvent('users.user-registered', 1, { userId: id('usr') })`: a constructor that names itself, its shape and its older versions. */
export function defineEvent<const Of extends Shape>(type: `${string}.${string}`, version: number, shape: Of, older: readonly Version<BodyOf<Of>>[] = []): EventType<BodyOf<Of>> {
  type Body = BodyOf<Of>;
  const body = bodyOf(shape);
  const versions: readonly Version<Body>[] = [{ version, body, read: (told) => told as Body }, ...older];
  const make = (told: Body, more: Pick<Fact, 'audit' | 'usage'> = {}): Fact<Body> => {
    const fact = { type, version, body: told, ...more };
    declared.set(fact, body);
    return fact;
  };
  const read = (event: Envelope): Envelope<Body> => {
    const known = versions.find((each) => each.version === event.version);
    if (!known) throw new Error(`${type} is known here in the versions ${versions.map((each) => each.version).join(', ')}, and this is version ${event.version}: a newer process can read it.`);
    return { ...event, version, body: known.read(event.body) };
  };
  return Object.assign(make, { type, version, versions, read });
}

/** A version that is told no more: how its body looked, and what that means today. It stays for as long as anybody keeps such an event. */
export const formerly = <const Was extends Shape, Body>(version: number, shape: Was, read: (body: BodyOf<Was>) => Body): Version<Body> =>
  ({ version, body: bodyOf(shape), read: (body) => read(body as BodyOf<Was>) });

/** What keeps a fact from being told, or null. */
export function misfitOf(fact: Fact): string | null {
  const shape = declared.get(fact);
  if (!shape) return `${fact.type} was not made by a constructor of defineEvent.`;
  const uncounted = fact.usage && misfit(usageLines, fact.usage);
  return misfit(shape, fact.body) ?? (uncounted ? `usage ${uncounted}` : null);
}
