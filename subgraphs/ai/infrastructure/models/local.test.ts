import { describe, expect, it } from '@jest/globals';
import { openStems } from '../../../../platform/stems.ts';
import { openCiting } from '../../domain/citing.ts';
import { NO_ANSWER } from '../../domain/extracting.ts';
import type { Prompt } from '../../domain/models.ts';
import { passagesOf } from '../../domain/passages.ts';
import { localModel } from './local.ts';

const model = localModel(openStems());
const passages = [
  { title: 'Keys', body: '# Life\n\nAn API key ends after 90 days. Rotating it gives a new secret at once.\n\n# Scopes\n\nA key reaches what its scopes name.' },
  { title: 'Kitchen', body: 'The kitchen is cleaned on Fridays. See [the plan](https://plan.example) or [1].' },
].flatMap(({ title, body }, at) => passagesOf({ itemId: `itm_${at}`, version: 1, title, body }));
const prompt = (question: string, said?: string): Prompt => ({ system: '', turns: [], passages, question, ...(said !== undefined && { said }) });

async function say(asked: Prompt, signal = new AbortController().signal) {
  const pieces: string[] = [];
  let end;
  for await (const one of model.say(asked, signal)) {
    if (one.kind === 'text') pieces.push(one.text);
    if (one.kind === 'end') end = one;
  }
  return { pieces, text: pieces.join(''), end };
}

describe('the model that is there without a key', () => {
  it('says the sentences that answer as they stand, each with its passage, the best at hand first', async () => {
    const { text, pieces, end } = await say(prompt('When does an API key end?'));
    expect(text).toBe('An API key ends after 90 days [1].');
    expect(pieces.length).toBe(8);
    expect(end).toMatchObject({ stopped: 'end', usage: { outputTokens: 8 } });
  });

  it('says that there is no answer where there is none', async () => {
    const { text } = await say(prompt('What is the capital of Mongolia?'));
    expect(text).toBe(`[none]${NO_ANSWER}`);
    expect(openCiting(3).push(text)[0]).toEqual({ kind: 'unanswered' });
    expect((await say({ ...prompt('When does an API key end?'), passages: [] })).text).toContain('[none]');
    expect((await say(prompt('???'))).text).toContain('[none]');
  });

  it('takes no mark of a document for a citation of its own, and no link along', async () => {
    const { text } = await say(prompt('When is the kitchen cleaned, where is the plan?'));
    expect(text).toContain('the plan or (1) [3].');
    expect(text).not.toContain('://');
  });

  it('goes on where it was when it died, and says the same', async () => {
    const whole = (await say(prompt('When is the kitchen cleaned, and by which plan?'))).text;
    for (let at = 0; at <= whole.length; at += 1) expect(whole.slice(0, at) + (await say(prompt('When is the kitchen cleaned, and by which plan?', whole.slice(0, at)))).text).toBe(whole);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const heard: unknown[] = [];
    await expect((async () => {
      for await (const one of model.say(prompt('When does an API key end?'), stop.signal)) {
        heard.push(one);
        stop.abort(reason);
      }
    })()).rejects.toBe(reason);
    expect(heard).toHaveLength(1);
  });
});
