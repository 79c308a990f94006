/** A client that changes things on and on and remembers what it was answered: done, refused, or nothing that it could rely on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AtlasClient } from '../../clients/typescript/client.ts';
import { CreateTenantDocument, InputError, RegisterDocument, RequestError, TenantsDocument, type TenantsQuery } from '../../clients/typescript/index.ts';
import type { Running } from '../kit/arrangements.ts';

export type Outcome = 'acknowledged' | 'refused' | 'unknown';
export interface Person { client: AtlasClient; patient: AtlasClient }
interface Change { person: Person; slug: string; name: string; made: boolean; outcome: Outcome }

export interface Writer {
  counts: Record<Outcome, number>;
  stop(): Promise<void>;
  /** What of all that does not fit what can be read now. */
  faults(): Promise<string[]>;
}

const RENAME = 'mutation($input: UpdateTenantInput!) { updateTenant(input: $input) { tenant { name } userErrors { code message } } }';
const PASSWORD = 'a long enough pass phrase';
export const PAUSE_MS = 20;
/** Changes of one tenant, its making included; and tenants of one person, who may have no more than so many. */
const EACH = 4;
const TENANTS_MAX = 20;
/** What had no answer is asked once more under the same key as often as not: it must come to one change either way. */
const AGAIN = 0.5;

/** Codes that say that nothing was done. Anything else that is not an answer leaves it open. */
const REFUSALS = ['IDEMPOTENCY_MISMATCH', 'RATE_LIMITED', 'UNAUTHENTICATED', 'FORBIDDEN', 'TENANT_NOT_FOUND', 'BAD_USER_INPUT'];

export async function startWriter(atlas: Running, number: number, next: () => number): Promise<Writer> {
  let person = await newPerson(atlas, `writer-${number}-0`);
  const changes: Change[] = [];
  const { counts, attempt } = persistent(next);
  let stopped = false;

  const write = async (): Promise<void> => {
    for (let n = 1; !stopped; n += 1) {
      const slug = `writer-${number}-${Math.ceil(n / EACH)}`;
      if (n % (EACH * TENANTS_MAX) === 0) person = await newPerson(atlas, slug);
      const { client } = person;
      const name = `Name ${n}`;
      const outcome = n % EACH === 1
        ? await attempt((idempotencyKey) => client.mutate(CreateTenantDocument, { input: { name, slug } }, { idempotencyKey }))
        : await attempt((idempotencyKey) => client.with({ tenant: slug }).mutate(RENAME, { input: { name } }, { idempotencyKey }));
      changes.push({ person, slug, name, made: n % EACH === 1, outcome });
      await sleep(PAUSE_MS);
    }
  };
  const writing = write();

  return {
    counts,
    async stop() {
      stopped = true;
      await writing;
    },
    async faults() {
      const found: string[] = [];
      for (const { patient } of new Set(changes.map((change) => change.person))) {
        const kept = await tenantsOf(patient);
        const theirs = changes.filter((change) => change.person.patient === patient);
        for (const slug of new Set(theirs.map((change) => change.slug))) found.push(...await faultsOf(theirs.filter((change) => change.slug === slug), kept.get(slug) ?? [], patient.with({ tenant: slug })));
      }
      return found;
    },
  };
}

/** What a client does that wants to know what has become of its changes, and how many came to what. */
export function persistent(next: () => number): { counts: Record<Outcome, number>; attempt(change: (idempotencyKey: string) => Promise<unknown>): Promise<Outcome> } {
  const counts = { acknowledged: 0, refused: 0, unknown: 0 };
  const outcomeOf = async (change: () => Promise<unknown>): Promise<Outcome> => change().then((): Outcome => 'acknowledged', (error: unknown): Outcome =>
    error instanceof InputError || (error instanceof RequestError && REFUSALS.includes(error.code)) ? 'refused' : 'unknown');
  const attempt = async (change: (idempotencyKey: string) => Promise<unknown>): Promise<Outcome> => {
    const key = crypto.randomUUID();
    let outcome = await outcomeOf(() => change(key));
    for (let tries = 0; outcome === 'unknown' && tries < 20 && next() < AGAIN; tries += 1) {
      await sleep(300);
      outcome = await outcomeOf(() => change(key));
    }
    counts[outcome] += 1;
    return outcome;
  };
  return { counts, attempt };
}

export async function newPerson(atlas: Running, name: string): Promise<Person> {
  const { register } = await atlas.client({ triesMax: 30 }).mutate(RegisterDocument, { input: { email: `${name}@example.org`, name, password: PASSWORD } });
  const session = register!.session!;
  return { client: atlas.client({ session, triesMax: 1, timeoutMs: 5_000 }), patient: atlas.client({ session, triesMax: 10 }) };
}

async function tenantsOf(client: AtlasClient): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (let after: string | null = null; ;) {
    const { tenants }: TenantsQuery = await client.query(TenantsDocument, { first: 100, after });
    for (const { slug, name } of tenants!.nodes) found.set(slug, [...found.get(slug) ?? [], name]);
    if (!tenants!.pageInfo.hasNextPage) return found;
    after = tenants!.pageInfo.endCursor ?? null;
  }
}

interface Trail { tenant: { auditTrail: { verified: boolean; count: number }; auditEvents: { nodes: { action: string; after: { name?: string } | null }[] } } }
const TRAIL = { toString: () => '{ tenant { auditTrail { verified count } auditEvents(first: 100) { nodes { action after } } } }' };

/** The changes of one tenant against its name now, and against the trail of what happened to it. */
async function faultsOf(changes: readonly Change[], names: readonly string[], client: AtlasClient): Promise<string[]> {
  const [made] = changes;
  const where = made!.slug;
  if (names.length > 1) return [`${where} exists ${names.length} times.`];
  if (names.length === 0) return changes.some(({ outcome }) => outcome === 'acknowledged') ? [`${where} was acknowledged and is not there.`] : [];
  const faults: string[] = made!.outcome === 'refused' ? [`${where} was refused and is there.`] : [];
  const { tenant: { auditTrail, auditEvents } } = await client.query(TRAIL as never, {}) as Trail;
  if (!auditTrail.verified) faults.push(`The trail of ${where} does not verify.`);
  const told = auditEvents.nodes.filter(({ action }) => action === 'tenants.tenant-created' || action === 'tenants.tenant-updated').map(({ after }) => after?.name).reverse();
  for (const { name, outcome } of changes) {
    const times = told.filter((one) => one === name).length;
    if (times > 1 || (outcome === 'acknowledged' && times === 0) || (outcome === 'refused' && times > 0)) faults.push(`${where}: ${name} was ${outcome} and is told ${times} times.`);
  }
  if (told.at(-1) !== names[0]) faults.push(`${where} is called ${names[0]}, and the last that was told of it is ${told.at(-1)}.`);
  return faults;
}
