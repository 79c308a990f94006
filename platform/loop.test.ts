import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from '@jest/globals';
import { openLog } from './log.ts';
import { loop } from './loop.ts';

it('a round knows nothing of the request that nudged it', async () => {
  const request = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  let rounds: () => void = () => undefined;
  const ran = () => new Promise<void>((resolve) => { rounds = resolve; });
  const log = openLog({ level: 'silent', pretty: false, destination: { write: () => undefined } });
  const first = ran();
  const repeated = loop({ name: 'test', everyMs: 60_000, log, round: async () => { seen.push(request.getStore()); rounds(); } });
  await first;
  const second = ran();
  await new Promise((resolve) => setTimeout(resolve, 5));
  request.run('somebody', () => repeated.nudge());
  await second;
  await repeated.stop();
  expect(seen).toEqual([undefined, undefined]);
});
