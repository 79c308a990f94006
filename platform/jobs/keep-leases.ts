/** Renews the leases of the jobs that run in this process, writes how far they are, and cuts short those that are cancelled or lost. */
import type pg from 'pg';
import { AtlasError } from '../errors.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import { JobLost } from './fence.ts';
import { renew, writeProgress, type Step } from './hold.ts';
import type { Running } from './run-job.ts';

const EVERY_MS = 400;
/** A lease is renewed when this part of it is over. */
const RENEW_AT = 1 / 3;

export interface LeaseKeeper {
  /** Something was said of this one: it is looked at now, and not when its lease asks for it. */
  look(id: string): void;
  stop(): Promise<void>;
}

export function keepLeases(given: { pool: pg.Pool; running: ReadonlyMap<string, Running>; leaseMs: number; log: Log }): LeaseKeeper {
  const { pool, running, leaseMs, log } = given;
  const heard = new Set<string>();

  const renewAll = async (due: readonly Running[], now: number) => {
    const felt = new Map((await renew(pool, due.map(({ job }) => job), leaseMs)).map((each) => [each.id, each]));
    for (const one of due) {
      const mine = felt.get(one.job.id);
      if (!mine) one.cut(new JobLost(), 0);
      else if (mine.renewed) one.heldUntilMs = now + leaseMs;
      if (mine?.cancelled) one.cut(new AtlasError('CANCELLED'));
    }
  };
  const keeping = loop({ name: 'leases of jobs', everyMs: Math.min(EVERY_MS, leaseMs / 6), log, round: async () => {
    const now = performance.now();
    const all = [...running.values()];
    // Nobody has to be asked: from here on another may have it.
    for (const one of all) if (one.heldUntilMs < now) one.cut(new JobLost(), 0);
    const due = all.filter((one) => one.heldUntilMs - now < leaseMs * (1 - RENEW_AT) || heard.has(one.job.id));
    heard.clear();
    if (due.length > 0) await renewAll(due, now);
    const steps = all.map((one) => one.takeStep()).filter((step): step is Step => step !== null);
    if (steps.length > 0) await writeProgress(pool, steps);
  } });

  return {
    look(id) {
      if (!running.has(id)) return;
      heard.add(id);
      keeping.nudge();
    },
    stop: () => keeping.stop(),
  };
}
