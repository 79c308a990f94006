/**
 * What one process knows of the replica that it may read from: whether it answers, how far it has come, and how far it
 * must have come. Asked four times a second, by two connections of its own; no request pays for finding out. Lag is not
 * taken from clocks: the primary is asked how far its log goes, and what the replica has of that when it is that much later.
 */
import type { Log } from '../../log.ts';
import { loop } from '../../loop.ts';
import { replicaLagSeconds } from '../../telemetry/metrics.ts';
import { DatabaseAway } from '../faults.ts';
import { lineTo } from './line.ts';
import { ACKNOWLEDGED, REPLAYED, UNKNOWN } from './positions.ts';
import { sharedPositions } from './shared-positions.ts';
import { written, type Written } from './written.ts';

export interface Replica {
  readonly url: string;
  readonly written: Written;
  /** Why nobody reads there now; null when one may. */
  why(): 'away' | 'behind' | null;
  /** How far it must have come for whoever reads at this moment. */
  needed(): number;
  /** Whether it is known, or at least likely enough to be tried, that it has come so far. */
  mayHave(position: number): boolean;
  /** What a reader was told: null means that it is no replica. */
  saw(position: number | null): void;
  /** A connection that a reader waits for: it is cut when the replica turns out to be away. Answers how to give it back. */
  reading(connection: unknown): () => void;
  failed(error: unknown): void;
  /** Resolves when it has been asked for the first time. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

type State = { position: number | null; system: string };
const STATE = ', (SELECT system_identifier FROM pg_control_system())::text AS system';
const EVERY_MS = 250;
/** Who needs more than it was last known to have looks for themselves, but not all of them at once. */
const LOOK_MS = 5;
/** A change is remembered for longer than the replica may be behind. */
const MARGIN_MS = 10_000;

type Given = { url: string; primaryUrl: string; lagMs: number; redisUrl: string | undefined; log: Log };

export async function openReplica(given: Given): Promise<Replica> {
  const { url, lagMs, log } = given;
  const keepMs = lagMs + MARGIN_MS;
  const shared = given.redisUrl ? await sharedPositions(given.redisUrl, { keepMs, onTrouble: (err) => log.warn({ err }, 'Redis does not answer: whoever might have changed something elsewhere reads from the primary.') }) : null;
  const primary = lineTo<State>(given.primaryUrl, `SELECT ${ACKNOWLEDGED} AS position${STATE}`);
  const secondary = lineTo<State>(url, `SELECT ${REPLAYED} AS position${STATE}`);
  const known = knowledge(given);
  let first!: () => void;
  const ready = new Promise<void>((resolve) => { first = resolve; });
  const asking = loop({
    name: 'replica', everyMs: EVERY_MS, log,
    round: async () => {
      const atMs = performance.now();
      const [there, here] = await Promise.allSettled([primary.ask(), secondary.ask()]);
      known.heard(atMs, there, here);
      first();
    },
  });
  const marks = written({ keepMs, shared });
  return {
    ...known.view, url,
    written: marks,
    ready: () => ready,
    async close() {
      await asking.stop();
      await Promise.all([primary.close(), secondary.close(), marks.close()]);
    },
  };
}

function knowledge({ lagMs, log }: Given) {
  /** How far the primary's log went, and when; no older than the replica may be. */
  const samples: { atMs: number; position: number }[] = [];
  const waiting = new Set<unknown>();
  let system: string | null = null;
  let state: 'unseen' | 'here' | 'away' = 'unseen';
  let position = 0;
  let lookedMs = 0;
  let freshMs = performance.now();
  let said: string | null = null;

  const say = (why: string | null, err?: unknown): void => {
    if (why === said) return;
    if (why) log.warn({ err }, `The replica at DATABASE_REPLICA_URL ${why}: everything is read from the primary.`);
    else if (said) log.info('The replica is read from again.');
    said = why;
  };
  const leave = (why: string, err?: unknown): void => {
    state = 'away';
    say(why, err);
    for (const connection of waiting) (connection as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  };
  const needed = (): number => samples.find(({ atMs }) => atMs >= performance.now() - lagMs)?.position ?? UNKNOWN;
  const why = () => (state !== 'here' ? 'away' : position < needed() ? 'behind' : null);
  const wrong = (here: PromiseSettledResult<State>): string | null => {
    if (here.status === 'rejected') return 'does not answer';
    if (here.value.position === null) return 'is no replica';
    return system !== null && here.value.system !== system ? 'belongs to another database' : null;
  };

  const heard = (atMs: number, there: PromiseSettledResult<State>, here: PromiseSettledResult<State>): void => {
    if (there.status === 'fulfilled') {
      system = there.value.system;
      samples.push({ atMs, position: there.value.position! });
    }
    const fault = wrong(here);
    if (fault) leave(fault, here.status === 'rejected' ? here.reason : undefined);
    else if (here.status === 'fulfilled' && system !== null) {
      state = 'here';
      position = here.value.position!;
      freshMs = samples.findLast((sample) => sample.position <= position)?.atMs ?? freshMs;
      say(why() === 'behind' ? `is more than ${lagMs} ms behind` : null);
    }
    while (samples[0] && samples[0].atMs < performance.now() - lagMs) samples.shift();
    replicaLagSeconds.set((performance.now() - freshMs) / 1_000);
  };

  return {
    heard,
    view: {
      why, needed,
      mayHave(wanted: number) {
        if (wanted <= position) return true;
        if (wanted === UNKNOWN || performance.now() - lookedMs < LOOK_MS) return false;
        lookedMs = performance.now();
        return true;
      },
      saw(found: number | null) {
        if (found === null) leave('is no replica');
        else position = found;
      },
      reading(connection: unknown) {
        waiting.add(connection);
        return () => void waiting.delete(connection);
      },
      failed(error: unknown) {
        if (error instanceof DatabaseAway) leave('does not answer', error);
      },
    },
  };
}
