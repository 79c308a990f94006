import { expect, it } from '@jest/globals';
import { DatabaseAway } from '../database/faults.ts';
import { AtlasError } from '../errors.ts';
import { NeighbourAway } from '../reach/line.ts';
import { openAway } from './away.ts';

const unavailable = new AtlasError('SUBGRAPH_UNAVAILABLE');

it('the database is never the fault of an event', () => {
  const away = openAway(0);
  away.handled('other');
  expect(away.isToBlame('one', new DatabaseAway(new Error('away')), performance.now() - 1_000)).toBe(false);
});
it('a neighbour that answers nobody is not the fault of an event, and one that has answered about another meanwhile is not away', () => {
  const away = openAway();
  const since = performance.now();
  expect(away.isToBlame('one', unavailable, since)).toBe(false);
  away.handled('other');
  expect(away.isToBlame('one', unavailable, since)).toBe(true);
  expect(away.isToBlame('one', unavailable, performance.now() + 1)).toBe(false);
});
it('what a neighbour answered before it went says nothing, nor does what was handled without asking it', () => {
  const away = openAway();
  const now = performance.now();
  away.handled('other');
  const tried = (answeredAt: number) => away.isToBlame('one', new NeighbourAway('users', { answeredAt, cause: undefined }), now - 4_000);
  expect(tried(-Infinity)).toBe(false);
  expect(tried(now - 3_000)).toBe(false);
  expect(tried(now - 1_000)).toBe(true);
});
it('whatever else fails is its own fault', () => {
  expect(openAway().isToBlame('one', new AtlasError('NOT_FOUND'), performance.now())).toBe(true);
});
it('one event waits for a neighbour no longer than it may, counted over all the times that it is handed over', () => {
  const away = openAway(500);
  const since = performance.now() - 400;
  expect(away.isToBlame('one', unavailable, since)).toBe(false);
  expect(away.isToBlame('two', unavailable, since - 200)).toBe(true);
});
