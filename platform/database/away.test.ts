/** What becomes of questions while the server under them dies: they are refused as what may be asked again, and nothing of them gets into a log. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { AtlasError } from '../errors.ts';
import { forgetAll, fresh, kill, open, query, stopAll } from '../embedded/postgres-trial.ts';
import type { EmbeddedPostgres } from '../embedded/postgres.ts';
import { newId, type TenantId } from '../ids.ts';
import { openLog } from '../log.ts';
import { Note, scopeOf, startToy, type Toy } from '../../test/kit/toy.ts';

const DEATHS = 6;
const ASKING = 24;
const CANARY = 'zq-canary-zq';
const tenantId: TenantId = newId('tnt');

let server: EmbeddedPostgres;
let toy: Toy;
beforeAll(async () => {
  server = await open(fresh());
  toy = await startToy({ at: { ...server, name: 'atlas', drop: async () => undefined } });
});
afterAll(async () => {
  await toy?.stop();
  await stopAll();
  await forgetAll();
});

/** One of the processes that serve; its end takes all others along. */
async function killOne(): Promise<boolean> {
  const serving = await query(server.ownerUrl, "SELECT pid FROM pg_stat_activity WHERE usename = 'atlas' ORDER BY random() LIMIT 1").catch(() => []) as { pid: number }[];
  for (const { pid } of serving) kill(pid);
  return serving.length > 0;
}

it('they are refused as what may be asked again, whatever the driver makes of it, and no value of them is logged or printed', async () => {
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const failed: unknown[] = [];
  let stopped = false;
  let done = 0;
  const asking = Array.from({ length: ASKING }, async (_, which) => {
    for (let n = 0; !stopped; n += 1) {
      const ask = which % 3 === 0 ? toy.desk.work(scopeOf(tenantId), async ({ notes }) => notes.add(Note.write(tenantId, `${CANARY} ${which} ${n}`)))
        : which % 3 === 1 ? toy.database.read(scopeOf(tenantId), (rows) => rows({ text: 'SELECT count(*) FROM tenants.note WHERE text <> ?', values: [CANARY] }))
          : toy.desk.look(scopeOf(tenantId), ({ notes }) => notes.byId(CANARY));
      await (ask as Promise<unknown>).then(() => { done += 1; }, async (error: unknown) => { failed.push(error); await sleep(5); });
    }
  });
  let deaths = 0;
  for (const until = Date.now() + 60_000; deaths < DEATHS && Date.now() < until; await sleep(250)) if (await killOne()) deaths += 1;
  const before = done;
  for (const until = Date.now() + 30_000; done < before + 100 && Date.now() < until;) await sleep(50);
  stopped = true;
  await Promise.all(asking);

  const lines: string[] = [];
  const log = openLog({ level: 'debug', pretty: false, destination: { write: (line) => void lines.push(line) } });
  for (const error of failed) log.warn({ err: error }, 'A question failed.');
  expect([deaths, done > before + 99, failed.length > DEATHS]).toEqual([DEATHS, true, true]);
  expect(failed.filter((error) => !(error instanceof AtlasError && error.retryable)).map(String)).toEqual([]);
  expect(printed.mock.calls).toEqual([]);
  expect([...lines, ...toy.logged].filter((line) => line.includes(CANARY))).toEqual([]);
}, 180_000);
