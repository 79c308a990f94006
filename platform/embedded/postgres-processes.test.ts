import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { recordedPid, runningPid } from './postgres-home.ts';
import { answers } from './postgres-logins.ts';
import { elsewhere, forgetAll, fresh, kill, open, query, stopAll, until } from './postgres-trial.ts';

afterEach(stopAll);
afterAll(forgetAll);

describe('processes', () => {
  test('that open a new folder at once share one server', async () => {
    const folder = fresh();
    const both = await Promise.all([elsewhere(folder), elsewhere(folder), open(folder)]);
    expect(both.filter(({ attached }) => !attached)).toHaveLength(1);
    expect(new Set(both.map(({ ownerUrl }) => ownerUrl)).size).toBe(1);
    await query(both[0]!.ownerUrl, 'SELECT 1');
  });

  test('that are killed take their server with them', async () => {
    const folder = fresh();
    const { child, ownerUrl } = await elsewhere(folder);
    const dataFolder = join(folder, 'cluster', 'data');
    expect(runningPid(dataFolder)).not.toBeNull();
    await query(ownerUrl, 'CREATE TABLE kept AS SELECT 1 AS n');
    kill(child.pid!);
    await until(() => recordedPid(dataFolder) === null); // a clean stop removes the file
    const again = await open(folder);
    expect(await query(again.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  test('get their server back on the same port when it is killed', async () => {
    const folder = fresh();
    const { ownerUrl, dataFolder } = await open(folder);
    await query(ownerUrl, 'CREATE TABLE kept AS SELECT 1 AS n');
    kill(recordedPid(dataFolder)!);
    await until(() => answers(ownerUrl));
    expect(await query(ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  test('get it back also when it is killed again before anybody knew that it was ready', async () => {
    const { ownerUrl, dataFolder } = await open(fresh());
    for (let killed = 0; killed < 4; killed++) {
      kill(recordedPid(dataFolder)!);
      await until(() => answers(ownerUrl), 0); // at once: whoever started it is still asking the same
    }
    await query(ownerUrl, 'SELECT 1');
  });

  test('can stop while their server is being started again', async () => {
    const folder = fresh();
    const mine = await open(folder);
    for (const afterMs of [0, 20, 60, 120]) {
      kill(recordedPid(mine.dataFolder)!);
      if (afterMs === 120) break;
      await until(() => answers(mine.ownerUrl));
      await pause(afterMs);
    }
    await mine.stop();
    expect(runningPid(mine.dataFolder)).toBeNull();
  });

  test('that are attached take over when the one that kept the server is killed', async () => {
    const folder = fresh();
    const { child } = await elsewhere(folder);
    const mine = await open(folder);
    expect(mine.attached).toBe(true);
    kill(child.pid!);
    await until(async () => !mine.attached && (await answers(mine.ownerUrl)));
    await mine.stop();
    expect(runningPid(mine.dataFolder)).toBeNull();
  });

  test('leave a server that another one keeps when they stop', async () => {
    const folder = fresh();
    const keeper = await open(folder);
    const { child } = await elsewhere(folder);
    kill(child.pid!);
    await once(child, 'exit');
    await pause(300);
    expect(await answers(keeper.ownerUrl)).toBe(true);
  });
});
