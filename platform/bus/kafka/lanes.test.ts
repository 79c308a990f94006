import { expect, it } from '@jest/globals';
import { openLanes, type LaneWork } from './lanes.ts';

const SPOT = { topic: 'atlas.users.v1', partition: 0 };
const record = (offset: number) => ({ ...SPOT, offset, value: String(offset) });
const turn = () => new Promise((resolve) => { setImmediate(resolve); });
const lanesOver = (handle: LaneWork['handle']) => openLanes({ handle, failed: () => undefined, handled: () => undefined, pause: () => undefined, resume: () => undefined });

it('takes nothing more once they are closed, and lets go of what still comes', async () => {
  const begun: number[] = [];
  const lanes = lanesOver(async ({ offset }) => void begun.push(offset));
  lanes.assign([SPOT]);
  lanes.take([record(0)]);
  await turn();
  await lanes.close();
  lanes.take([record(1)]);
  await turn(); // never comes when a closed lane is run again and again
  expect(begun).toEqual([0]);
});

it('lets go of what comes for a partition that was given to another, and of what it had of it', async () => {
  const begun: number[] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => { open = resolve; });
  const lanes = lanesOver(async ({ offset }) => { begun.push(offset); await gate; });
  lanes.assign([SPOT]);
  lanes.take([record(0), record(1)]);
  await turn();
  lanes.assign([]);
  lanes.take([record(2)]);
  open();
  await lanes.close();
  expect(begun).toEqual([0]);
});
