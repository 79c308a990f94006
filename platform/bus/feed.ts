/**
 * What is in the log, read once per process for all who listen in it. The newest events are kept at hand; whoever is
 * further behind reads the table. It also knows how old its knowledge is: the writer says now and then how far the log
 * goes, and when that was so.
 */
import type pg from 'pg';
import { BUS_ROLE } from '../database/roles.ts';
import type { Envelope } from '../event.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import { lineTo } from './line.ts';
import { LOG_CHANNEL } from './sequencer.ts';
import { openWatermarks } from './watermarks.ts';

const TOLD_CHANNEL = 'atlas_told';
/** Behind the writer's word, in case it is not heard. */
const LOOK_EVERY_MS = 1_000;
const READ_MAX = 500;
const KEPT_MAX = 2_000;
const KEPT_CHARACTERS_MAX = 16_000_000;

export interface Entry { position: number; type: string; lane: number; text: string; event?: Envelope }

/** The event of an entry, parsed when somebody wants it, and once for all who do. */
export const eventOf = (entry: Entry): Envelope => (entry.event ??= JSON.parse(entry.text) as Envelope);

export type Hear = (said: { word: string } | 'missed') => void;

export interface Feed {
  /** The end of the log as far as it is known. */
  end(): number;
  /** What follows a position, in order; empty when there is nothing yet. */
  read(after: number): Promise<readonly Entry[]>;
  /** Whether all that follows a position is there, at hand or in the table; false also for a position of another log. */
  keeps(after: number): Promise<boolean>;
  /** Calls when there is more; answers how to stop that. */
  onGrown(listener: () => void): () => void;
  /** For how long something could have been committed that whoever has read up to this position has not seen. */
  behindMs(position: number): number;
  silentMs(): number;
  /** Whether the writer's word could be heard at this moment. */
  hears(): boolean;
  /** Hears another channel on the same connection; `missed` after one was lost, during which anything may have been said. */
  hear(channel: string, listener: Hear): () => void;
  /** Says to the writer, wherever it is, that a service has told something. */
  sayTold(service: string): void;
  close(): Promise<void>;
}

export async function openFeed(given: { url: string; pool: pg.Pool; log: Log; onTold: (service: string) => void }): Promise<Feed> {
  const { pool, log } = given;
  const marks = openWatermarks();
  const listeners = new Set<() => void>();
  const hearing = new Map<string, Set<Hear>>();
  const select = async (after: number): Promise<Entry[]> => (await pool.query<Entry>(
    `SELECT position::float8 AS position, type, lane, envelope::text AS text FROM bus.event_log WHERE position > $1 ORDER BY position LIMIT ${READ_MAX}`, [after])).rows;

  let kept: Entry[] = [];
  let characters = 0;
  let from = await endOfLog(pool);
  let end = from;
  const keep = (entries: readonly Entry[]) => {
    kept.push(...entries);
    for (const { text } of entries) characters += text.length;
    let gone = Math.max(0, kept.length - KEPT_MAX);
    for (let n = 0; n < gone; n += 1) characters -= kept[n]!.text.length;
    while (characters > KEPT_CHARACTERS_MAX && gone < kept.length) characters -= kept[gone++]!.text.length;
    if (gone === 0) return;
    from = kept[gone - 1]!.position;
    kept = kept.slice(gone);
  };

  let growing: Promise<void> | null = null;
  let wanted = 0;
  const grow = (): Promise<void> => (growing ??= (async () => {
    while (wanted > end) {
      const goal = wanted; // what is wanted later may not be among what is read now
      const entries = await select(end);
      keep(entries);
      end = entries.length === READ_MAX ? entries.at(-1)!.position : Math.max(goal, entries.at(-1)?.position ?? 0);
      for (const listener of [...listeners]) listener();
    }
  })().finally(() => { growing = null; }));
  const reach = (position: number) => {
    wanted = Math.max(wanted, position);
    if (wanted > end) grow().catch((error: unknown) => log.debug({ err: error }, 'The event log could not be read; it will be tried again.'));
  };

  const line = lineTo({
    url: given.url, name: 'atlas:bus:feed', role: BUS_ROLE, log, lost: () => marks.lost(),
    opened: async (client) => {
      client.on('notification', ({ channel, payload = '' }) => {
        if (channel === TOLD_CHANNEL) return given.onTold(payload);
        if (channel !== LOG_CHANNEL) return hearing.get(channel)?.forEach((listener) => listener({ word: payload }));
        const [position, at] = payload.split(' ').map(Number) as [number, number?];
        marks.heard(position, at ?? null);
        reach(position);
      });
      await client.query([LOG_CHANNEL, TOLD_CHANNEL, ...hearing.keys()].map((channel) => `LISTEN ${channel}`).join('; '));
      for (const all of hearing.values()) all.forEach((listener) => listener('missed'));
    },
  });
  await line.open();
  const looking = loop({ name: 'bus feed', everyMs: LOOK_EVERY_MS, log, round: async () => {
    await line.open();
    if (marks.silentMs() > LOOK_EVERY_MS) reach(await endOfLog(pool));
    for (const listener of [...listeners]) listener(); // whose reading failed goes on
  } });

  let toldSoon = new Set<string>();
  const sayToldSoon = async () => {
    const services = toldSoon;
    toldSoon = new Set(); // whatever becomes of these: the next one begins anew
    const client = await line.open();
    for (const service of services) await client.query('SELECT pg_notify($1, $2)', [TOLD_CHANNEL, service]);
  };

  return {
    end: () => end,
    async read(after) {
      if (after >= end) return [];
      if (after < from) return select(after);
      return kept.slice(firstAfter(kept, after), firstAfter(kept, after) + READ_MAX);
    },
    async keeps(after) {
      if (after >= from && after <= end) return true;
      const { rows: [row] } = await pool.query<{ kept: boolean }>(`SELECT coalesce(min(position) <= $1::bigint + 1 AND max(position) >= $1::bigint, false) AS kept FROM bus.event_log`, [after]);
      return row!.kept;
    },
    onGrown(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    behindMs: (position) => marks.behindMs(position),
    silentMs: () => marks.silentMs(),
    hears: () => line.now() !== null,
    hear(channel, listener) {
      const all = hearing.get(channel) ?? new Set();
      all.add(listener);
      if (!hearing.has(channel)) {
        hearing.set(channel, all);
        void line.now()?.query(`LISTEN ${channel}`).catch(() => undefined); // a line that broke is opened anew, with every channel
      }
      return () => void all.delete(listener);
    },
    sayTold(service) {
      toldSoon.add(service);
      if (toldSoon.size === 1) void Promise.resolve().then(sayToldSoon).catch(() => undefined); // the writer looks by itself soon
    },
    async close() {
      await looking.stop();
      await line.close();
      await growing?.catch(() => undefined);
    },
  };
}

async function endOfLog(pool: pg.Pool): Promise<number> {
  const { rows: [row] } = await pool.query<{ end: number }>(`SELECT coalesce(max(position), 0)::float8 AS end FROM bus.event_log`);
  return row!.end;
}

/** Where in these, which are in order, the first one after a position stands. */
function firstAfter(entries: readonly Entry[], position: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.position > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
