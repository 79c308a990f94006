import { expect, it } from '@jest/globals';
import type pg from 'pg';
import { eventually } from '../../test/kit/eventually.ts';
import { freshDatabase } from '../../test/kit/databases.ts';
import { openLog } from '../log.ts';
import { openLeases, type LaneHolder } from './leases.ts';
import { openPostgresLog } from './postgres-log.ts';
import { LANES } from './tables.ts';

const log = openLog({ level: 'silent', pretty: false });

/** A group that always has something to write down. */
function holderOf(name: string) {
  const open = new Map<number, boolean>();
  let progress = 0;
  const holder: LaneHolder = {
    name,
    take: (lane) => void open.set(lane, true),
    lose: (lane) => void open.delete(lane),
    finish: async (lane) => { if (open.has(lane)) open.set(lane, false); },
    held: () => [...open.keys()],
    progress: () => { progress += 1; return [...open.keys()].map((lane) => ({ lane, position: progress })); },
  };
  return { holder, open };
}

it('a lane that could not be given back is not kept closed: it is handled again', async () => {
  const database = await freshDatabase();
  const bus = await openPostgresLog({ url: database.url, ownerUrl: database.ownerUrl, keep: { days: 7, bytes: 1e9 }, log });
  let away = false;
  let failures = 0;
  const failing = { query: async (text: string, values: unknown[]) => {
    if (away && text.includes('SET position = m.position')) { failures += 1; throw new Error('The database is away.'); }
    return bus.pool.query(text, values);
  } } as unknown as pg.Pool;
  const [one, two] = [holderOf('users:readers'), holderOf('users:readers')];
  const first = openLeases({ pool: failing, process: 'one', log });
  const second = openLeases({ pool: bus.pool, process: 'two', log });
  try {
    first.add(one.holder);
    await eventually('all lanes', () => one.open.size === LANES);
    away = true;
    const before = failures;
    second.add(two.holder);
    await eventually('a lane that is closed to be given back', () => failures > before && [...one.open.values()].includes(false) || one.open.size < LANES);
    await second.remove(two.holder);
    away = false;
    await eventually('all lanes, open', () => one.open.size === LANES && [...one.open.values()].every(Boolean), 15_000);
    expect(failures).toBeGreaterThan(0);
  } finally {
    await Promise.all([first.close(), second.close()]);
    await bus.close();
    await database.drop();
  }
}, 60_000);
