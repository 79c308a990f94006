import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { along } from './along.ts';

describe('what goes along with calls', () => {
  const name = along<string>();
  const count = along<number>();
  const both = async () => { await sleep(1); return [name.get(), count.get()]; };

  it('is there for everything that is awaited, and for nobody else', async () => {
    const [one, other, nobody] = await Promise.all([name.run('one', both), name.run('other', both), both()]);
    expect([one, other, nobody]).toEqual([['one', undefined], ['other', undefined], [undefined, undefined]]);
  });

  it('of one kind leaves the others as they are, and is as it was before once it is over', async () => {
    await name.run('outer', async () => {
      expect(await count.run(0, both)).toEqual(['outer', 0]);
      expect(await name.run('inner', () => count.run(2, both))).toEqual(['inner', 2]);
      expect(await both()).toEqual(['outer', undefined]);
    });
    expect(await both()).toEqual([undefined, undefined]);
  });

  it('is over when what it was for fails', async () => {
    expect(() => name.run('failing', () => { throw new Error('no'); })).toThrow('no');
    expect(name.get()).toBeUndefined();
  });
});
