/**
 * What operations were worth, added up in memory for each tenant and for each person and key in it, and told as events
 * through the gateway's own outbox: a row a tenant and moment, all tenants' in one commit. Whoever needs to know that it
 * is on disk waits for the commit that is next (`kept`), together with everybody else who does; nobody else waits.
 *
 * An event has its id before it is first written, and is written again as it was when nobody can say whether it was: the
 * meter counts it once.
 */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../platform/database/database.ts';
import { decimal, type Decimal } from '../../platform/decimal.ts';
import type { Envelope, UsageLine } from '../../platform/event.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import { loop } from '../../platform/loop.ts';
import { tell } from '../../platform/work.ts';
import { usageRecorded } from '../events.ts';
import type { Spender } from '../../platform/billing/ports.ts';
import { OPERATIONS, POINTS, type Tariff } from '../../platform/billing/tariff.ts';

/** What is lost of queries when a process is killed: this, and what the commit itself takes, are less than 50 ms. */
const EVERY_MS = 35;
/** Rows of one commit, and people and keys of one row. */
const TALLIES_MAX = 1_000;
const SPENDERS_MAX = 200;
/** An answer that is ready does not wait longer for the database than this. */
const PATIENCE_MS = 1_000;
const HOUR_MS = 3_600_000;

export interface Usage {
  /** What this process is called in what it tells, and in what it has reserved. */
  readonly holder: string;
  /** `tariff`: by which it was told what it is worth. */
  add(spender: Spender, spent: { points: number; operations: number }, tariff: Tariff | null): void;
  /** Resolves when everything that was added before is on disk, or when the database has let us wait for too long: it is written later then. */
  kept(): Promise<void>;
  /** Tells what has not been told yet. */
  stop(): Promise<void>;
}

interface Spent { attributes: Record<string, string>; points: number; operations: number }
interface Tally { tenantId: TenantId; from: number; to: number; spenders: Map<string, Spent> }

export function openUsage(given: { database: Pick<Database, 'transaction'>; told: () => void; log: Log }): Usage {
  const { database, log } = given;
  const holder = randomUUID();
  let sequence = 0;
  let tallies = new Map<string, Tally>();
  /** Made, and not known to be on disk. */
  let written: Envelope[] = [];
  const waiting: (() => void)[] = [];

  const tallyOf = (tenantId: TenantId, now: number): Tally => {
    // What is told late still stands in its hour.
    const name = `${tenantId} ${Math.floor(now / HOUR_MS)}`;
    const known = tallies.get(name);
    if (known && known.spenders.size < SPENDERS_MAX) return known;
    if (known) tallies.set(`${name} ${(sequence += 1)}`, known);
    const made: Tally = { tenantId, from: now, to: now, spenders: new Map() };
    tallies.set(name, made);
    return made;
  };
  const write = (): void => {
    const some = [...tallies].slice(0, TALLIES_MAX);
    if (some.length === tallies.size) tallies = new Map();
    else for (const [name] of some) tallies.delete(name);
    written = some.map(([, tally]) => envelopeOf(tally, holder, (sequence += 1)));
  };
  const round = async (): Promise<boolean> => {
    if (written.length === 0) write();
    if (written.length === 0) return settle(), false;
    const heard = tallies.size === 0 ? waiting.splice(0) : [];
    try {
      await database.transaction(EVERY_TENANT, 'write', (em) => tell(em, 'gateway', written));
    } finally {
      for (const resolve of heard) resolve();
    }
    written = [];
    given.told();
    return tallies.size > 0;
  };
  const settle = (): void => { for (const resolve of waiting.splice(0)) resolve(); };
  const telling = loop({ name: 'gateway usage', everyMs: EVERY_MS, log, round });

  return {
    holder,
    add({ tenantId, userId, keyId }, { points, operations }, tariff) {
      const now = Date.now();
      const tally = tallyOf(tenantId, now);
      tally.to = now;
      const name = `${userId ?? keyId} ${tariff?.plan}`;
      let spent = tally.spenders.get(name);
      if (!spent) tally.spenders.set(name, spent = { attributes: { holder, ...(userId && { userId }), ...(keyId && { keyId }), ...(tariff && { plan: tariff.plan }) }, points: 0, operations: 0 });
      spent.points += points;
      spent.operations += operations;
    },
    kept() {
      if (tallies.size === 0 && written.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const late = setTimeout(resolve, PATIENCE_MS);
        waiting.push(() => { clearTimeout(late); resolve(); });
        telling.nudge();
      });
    },
    async stop() {
      await telling.stop();
      try {
        while (tallies.size > 0 || written.length > 0) await round();
      } catch (error) {
        log.error({ err: error, tallies: tallies.size + written.length }, 'What was used could not be told at the end.');
      }
    },
  };
}

/** The outbox takes this event of any tenant, whoever writes it (outbox.ts). */
const EVERY_TENANT = { kind: 'system', id: 'system:gateway', userId: null, tenantId: null } as const;

function envelopeOf({ tenantId, from, to, spenders }: Tally, holder: string, sequence: number): Envelope {
  const all = [...spenders.values()];
  const total = (of: 'points' | 'operations') => all.reduce((sum, spent) => sum + spent[of], 0);
  const body = { processId: holder, sequence, from: new Date(from).toISOString(), to: new Date(to).toISOString(), operations: total('operations'), points: total('points') };
  return {
    ...usageRecorded(body, { usage: all.flatMap(linesOf) }),
    id: newId('evt'), subject: tenantId, subjectVersion: sequence, tenant: tenantId, at: body.from,
    actor: { kind: 'system', id: 'system:gateway' }, requestId: null, traceparent: null,
  };
}

const linesOf = ({ attributes, points, operations }: Spent): UsageLine[] => [
  ...(points > 0 ? [{ metric: POINTS, quantity: decimal(points) as Decimal, attributes }] : []),
  ...(operations > 0 ? [{ metric: OPERATIONS, quantity: decimal(operations) as Decimal, attributes }] : []),
];
