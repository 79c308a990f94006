/** What people go through as clients, one after the other over one Atlas: in one process, and with a process a service. */
import { afterAll, beforeAll, describe } from '@jest/globals';
import { ARRANGEMENTS, startArrangement, type Running } from '../kit/arrangements.ts';
import { firstHour } from './first-hour.ts';
import { live } from './live.ts';
import { revocation } from './revocation.ts';

describe.each(Object.entries(ARRANGEMENTS))('%s:', (_, groups) => {
  let atlas: Running;
  // What is slow on a busy machine is not what is tried here.
  beforeAll(async () => { atlas = await startArrangement(groups, { ASK_TIMEOUT_MS: '10000' }); }, 120_000);
  afterAll(() => atlas?.stop());
  const running = () => atlas;

  firstHour(running);
  revocation(running);
  live(running); // last, because it ends processes
});
