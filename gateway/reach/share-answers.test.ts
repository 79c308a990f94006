/** Equal operations that begin together run once; whoever is not alike, or comes later, runs alone. */
import { describe, expect, it } from '@jest/globals';
import { setImmediate as settle } from 'node:timers/promises';
import { withRequest } from '../../platform/request.ts';
import { anonymous } from '../../platform/viewer.ts';
import { JsonText, type Asked } from '../executor.ts';
import type { Operation } from '../operation.ts';
import type { Call } from './call.ts';
import { sharedAnswers } from './share-answers.ts';

/** A subgraph that answers when it is told to, and an operation that asks it once or twice. */
function world(kind: 'query' | 'mutation' = 'query') {
  const waiting: ((text: string) => void)[] = [];
  const call = (() => new Promise((answered) => { waiting.push((text) => { answered({ data: { text } }); }); })) as unknown as Call;
  const operation = { kind, via: { call }, supergraph: { overrideLabels: [] } } as unknown as Operation;
  const answers = sharedAnswers();
  let runs = 0;
  const ask = (asked: Partial<Asked> & { headers?: Record<string, string> } = {}, of = operation) => {
    const whole: Asked = { variables: {}, caller: { viewer: anonymous, ...(asked.headers && { headers: asked.headers }) }, ...asked };
    return answers.of(of, whole, whole.variables, async (via) => {
      runs += 1;
      const { data } = await via.call('one', { document: '{ text }', viewer: anonymous, kind: 'query' });
      if (via.signal?.aborted) throw new Error('aborted');
      return { data: new JsonText(JSON.stringify(data)), errors: [{ message: 'A part is missing.', extensions: { requestId: 'first', code: 'X' } }], actualCost: 1 };
    });
  };
  return { ask, waiting, runs: () => runs, operation, mutation: { ...operation, kind: 'mutation' } as unknown as Operation };
}

describe('equal operations', () => {
  it('that begin before a first answer run once, and each is told errors under its own request', async () => {
    const { ask, waiting, runs } = world();
    const asks = ['req_one', 'req_two'].map((requestId) => withRequest({ requestId, address: null, userAgent: null, idempotencyKey: null }, () => ask()));
    await settle();
    expect([runs(), waiting.length]).toEqual([1, 1]);
    waiting[0]!('a');
    const [first, second] = await Promise.all(asks);
    expect([first!.data!.text, second!.data!.text]).toEqual(['{"text":"a"}', '{"text":"a"}']);
    expect(second!.errors).toEqual([{ message: 'A part is missing.', extensions: { requestId: 'req_two', code: 'X' } }]);
  });

  it('that are asked in one turn of the event loop run once, also where every answer is there at once', async () => {
    const { operation, ask, runs } = world();
    const quick = { ...operation, via: { call: async () => ({ data: { text: 'a' } }) } } as unknown as Operation;
    const first = ask({}, quick);
    await Promise.resolve();
    const [one, other] = await Promise.all([first, ask({}, quick)]);
    expect([runs(), one.data, other.data]).toEqual([1, other.data, one.data]);
  });

  it('do not join one that has had an answer', async () => {
    const { ask, waiting, runs } = world();
    const first = ask();
    await settle();
    waiting[0]!('old');
    await settle();
    const second = ask();
    await settle();
    expect(runs()).toBe(2);
    waiting[1]!('new');
    expect([(await first).data!.text, (await second).data!.text]).toEqual(['{"text":"old"}', '{"text":"new"}']);
  });

  it.each([
    ['another header', { headers: { authorization: 'Bearer other' } }],
    ['other variables', { variables: { id: '1' } }],
    ['something withheld', { refused: new Map([['Query.text', new Error() as never]]) }],
  ])('are not equal with %s', async (_, other) => {
    const { ask, waiting, runs } = world();
    const asks = [ask({ headers: { authorization: 'Bearer one' } }), ask({ headers: { authorization: 'Bearer one' }, ...other })];
    await settle();
    expect(runs()).toBe(2);
    waiting.forEach((answer, at) => answer(String(at)));
    expect(new Set((await Promise.all(asks)).map(({ data }) => data!.text)).size).toBe(2);
  });

  it('are not shared across a change that went through here', async () => {
    const { ask, waiting, runs, mutation } = world();
    const before = ask();
    const change = ask({}, mutation);
    const during = ask();
    await settle();
    expect(runs()).toBe(3);
    waiting.forEach((answer, at) => answer(String(at)));
    expect(new Set((await Promise.all([before, change, during])).map(({ data }) => data!.text)).size).toBe(3);
  });

  it('go on for whoever stays, and end when the last is gone', async () => {
    const { ask, waiting } = world();
    const [one, other] = [new AbortController(), new AbortController()];
    const stays = ask({ signal: one.signal });
    void ask({ signal: other.signal });
    other.abort();
    await settle();
    waiting[0]!('a');
    expect((await stays).data!.text).toBe('{"text":"a"}');

    const last = new AbortController();
    const gone = ask({ signal: last.signal });
    last.abort();
    const again = ask();
    await settle();
    expect(waiting).toHaveLength(3);
    waiting[1]!('b');
    waiting[2]!('c');
    await expect(gone).rejects.toThrow('aborted');
    expect((await again).data!.text).toBe('{"text":"c"}');
  });
});
