import { expect, it } from '@jest/globals';
import { newId, type ItemId } from '../../../platform/ids.ts';
import { REACHED_MAX, walk, type LinkSeen } from './link.ts';

/** A world in which everything leads to as many others as are asked for, none of them met before. */
function endless() {
  const asked: { items: number; links: number }[] = [];
  return {
    asked,
    step: async (ids: readonly ItemId[], max: number): Promise<LinkSeen[]> => {
      asked.push({ items: ids.length, links: ids.length * max });
      return ids.flatMap((near) => Array.from({ length: max }, () => ({ near, far: newId('itm') as ItemId, kind: 'related', outgoing: true })));
    },
  };
}
const roots = (count: number) => Array.from({ length: count }, () => newId('itm') as ItemId);

it('from however many items walks begin, a step looks at no more than a bounded part of them together', async () => {
  const { asked, step } = endless();
  const found = await walk(roots(100), 5, step);
  expect(asked[0]).toEqual({ items: 100, links: 20_000 });
  for (const { items, links } of asked.slice(1)) expect([items <= REACHED_MAX, links <= REACHED_MAX * 25]).toEqual([true, true]);
  expect([...found.values()].every((links) => links.length >= 200)).toBe(true);
  expect([...found.values()].every((links) => links.some(({ depth }) => depth > 1))).toBe(true);
});

it('what one item may reach is no less for the bound on many', async () => {
  const { asked, step } = endless();
  const [root] = roots(1);
  expect((await walk([root!], 1, step)).get(root!)).toHaveLength(REACHED_MAX);
  expect(asked).toEqual([{ items: 1, links: REACHED_MAX }]);
});
