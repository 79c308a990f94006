import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { openLog } from './log.ts';
import { loop } from './loop.ts';

const log = openLog({ level: 'silent', pretty: false });

describe('a loop', () => {
  it('runs outside whatever its nudger runs in', async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const one = loop({ name: 'test', everyMs: 60_000, log, round: async () => void seen.push(store.getStore()) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    store.run('a request', () => one.nudge());
    await one.stop();
    expect(seen).toEqual([undefined, undefined]);
  });
});
