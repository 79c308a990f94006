/**
 * Which process handles which lanes of which group. Lanes are leased for a few seconds and renewed every second; each
 * process takes its fair part, gives back what is more, and takes over what nobody renews. How far a lane has been
 * handled is written under the lease only, so whoever has lost a lane can no longer move it.
 */
import type pg from 'pg';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import { LANES } from './tables.ts';

const RENEW_MS = 1_000;
const LEASE = `interval '4 seconds'`;
const FLUSH_MS = 200;
/** A lane in which nothing concerned the group still moves on, but not so often. */
const IDLE_ROUNDS = 25;

/** What a group knows of itself; its leases tell it what it may handle. */
export interface LaneHolder {
  readonly name: string;
  /** From now on this process handles the lane, from after the position. */
  take(lane: number, position: number): void;
  /** Another does. What runs is not waited for: its effect is once wherever it happens. */
  lose(lane: number): void;
  /** No further event of this lane is begun; resolves when what runs is done. */
  finish(lane: number): Promise<void>;
  held(): number[];
  /** How far each lane is handled; `idle` counts those too in which nothing was. */
  progress(idle: boolean): { lane: number; position: number }[];
}

export interface Leases {
  add(group: LaneHolder): void;
  /** Gives the lanes of this group to the others. */
  remove(group: LaneHolder): Promise<void>;
  close(): Promise<void>;
}

interface Held { group_name: string; lane: number; position: number }

export function openLeases(given: { pool: pg.Pool; process: string; log: Log }): Leases {
  const { pool, process, log } = given;
  const groups = new Map<string, LaneHolder>();
  const known = new Set<string>();
  const written = new Map<string, number>();
  const leaving = new Set<LaneHolder>();
  let flushes = 0;

  const flush = async (all = false): Promise<void> => {
    const idle = all || (flushes += 1) % IDLE_ROUNDS === 0;
    const moved = [...groups.values()].flatMap((group) => group.progress(idle).map((one) => ({ group: group.name, ...one })))
      .filter(({ group, lane, position }) => position > (written.get(`${group} ${lane}`) ?? -1));
    if (moved.length === 0) return;
    await pool.query(
      `UPDATE bus.cursor c SET position = m.position FROM unnest($1::text[], $2::smallint[], $3::bigint[]) AS m (group_name, lane, position)
       WHERE c.group_name = m.group_name AND c.lane = m.lane AND c.owner = $4`,
      [moved.map(({ group }) => group), moved.map(({ lane }) => lane), moved.map(({ position }) => position), process]);
    for (const { group, lane, position } of moved) written.set(`${group} ${lane}`, position);
  };
  const taken = ({ group_name: name, lane, position }: Held) => {
    written.set(`${name} ${lane}`, position);
    groups.get(name)?.take(lane, position);
  };

  const renew = async (): Promise<void> => {
    const names = [...groups.keys()];
    if (names.length === 0) return;
    const fresh = names.filter((name) => !known.has(name));
    if (fresh.length > 0) await introduce(pool, fresh);
    for (const name of fresh) known.add(name);
    await pool.query(
      `INSERT INTO bus.member (group_name, process, seen_until) SELECT g, $2, now() + ${LEASE} FROM unnest($1::text[]) AS g
       ON CONFLICT (group_name, process) DO UPDATE SET seen_until = excluded.seen_until`, [names, process]);
    const { rows: mine } = await pool.query<Held>(
      `UPDATE bus.cursor SET leased_until = now() + ${LEASE} WHERE owner = $2 AND group_name = ANY ($1) RETURNING group_name, lane, position::float8 AS position`, [names, process]);
    const { rows: shares } = await pool.query<{ name: string; members: number }>(
      `SELECT group_name AS name, count(*)::int AS members FROM bus.member WHERE group_name = ANY ($1) AND seen_until > now() GROUP BY group_name`, [names]);
    await settle(names, mine, new Map(shares.map(({ name, members }) => [name, Math.ceil(LANES / Math.max(1, members))])));
  };

  const settle = async (names: readonly string[], mine: readonly Held[], share: ReadonlyMap<string, number>): Promise<void> => {
    const wants: { name: string; count: number }[] = [];
    for (const name of names) {
      const group = groups.get(name);
      if (!group) continue;
      const leased = mine.filter((one) => one.group_name === name);
      for (const lane of group.held()) if (!leased.some((one) => one.lane === lane)) group.lose(lane);
      for (const one of leased) if (!group.held().includes(one.lane)) taken(one); // taken in a round whose answer was lost
      const more = (share.get(name) ?? LANES) - leased.length;
      if (more > 0) wants.push({ name, count: more });
      if (more < 0) leave(group, leased.slice(more).map(({ lane }) => lane));
    }
    if (wants.length === 0) return;
    const { rows } = await pool.query<Held>(
      `UPDATE bus.cursor c SET owner = $3, leased_until = now() + ${LEASE} FROM (
         SELECT f.group_name, f.lane, row_number() OVER (PARTITION BY f.group_name ORDER BY f.lane) AS n FROM (
           SELECT group_name, lane FROM bus.cursor WHERE group_name = ANY ($1) AND leased_until <= now() FOR UPDATE SKIP LOCKED) AS f
       ) AS free JOIN unnest($1::text[], $2::int[]) AS want (name, count) ON want.name = free.group_name
       WHERE c.group_name = free.group_name AND c.lane = free.lane AND free.n <= want.count
       RETURNING c.group_name, c.lane, c.position::float8 AS position`,
      [wants.map(({ name }) => name), wants.map(({ count }) => count), process]);
    rows.forEach(taken);
  };

  const giveBack = async (group: LaneHolder, lanes: readonly number[]): Promise<void> => {
    await Promise.all(lanes.map((lane) => group.finish(lane)));
    try {
      await flush(true);
    } finally {
      // Also when the database is away: a lane that was closed and kept would be leased here, and handled nowhere.
      for (const lane of lanes) group.lose(lane);
    }
    await pool.query(`UPDATE bus.cursor SET owner = NULL, leased_until = now() WHERE group_name = $1 AND lane = ANY ($2) AND owner = $3`, [group.name, lanes, process]);
  };

  /** Not waited for: while one lane takes its time to finish, the leases of all others go on. */
  const leave = (group: LaneHolder, lanes: readonly number[]): void => {
    if (leaving.has(group)) return;
    leaving.add(group);
    void giveBack(group, lanes)
      .catch((error: unknown) => log.debug({ err: error, group: group.name }, 'Lanes could not be given back; their leases run out.'))
      .finally(() => leaving.delete(group));
  };

  const renewing = loop({ name: 'bus leases', everyMs: RENEW_MS, log, round: renew });
  const flushing = loop({ name: 'bus progress', everyMs: FLUSH_MS, log, round: () => flush() });
  return {
    add(group) {
      groups.set(group.name, group);
      renewing.nudge();
    },
    async remove(group) {
      await giveBack(group, group.held());
      groups.delete(group.name);
      await pool.query('DELETE FROM bus.member WHERE group_name = $1 AND process = $2', [group.name, process]);
      renewing.nudge();
    },
    async close() {
      await Promise.all([renewing.stop(), flushing.stop()]);
    },
  };
}

/** A group that nobody has been before begins with what is kept. */
const introduce = (pool: pg.Pool, names: readonly string[]) => pool.query(
  `INSERT INTO bus.cursor (group_name, lane, position)
   SELECT g, lane, (SELECT coalesce(min(position), 1) - 1 FROM bus.event_log) FROM unnest($1::text[]) AS g, generate_series(0, ${LANES - 1}) AS lane
   ON CONFLICT DO NOTHING`, [names]);
