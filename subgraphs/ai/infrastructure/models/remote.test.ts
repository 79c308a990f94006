import { describe, expect, it } from '@jest/globals';
import type { Model, Prompt, Said, Speaker } from '../../domain/models.ts';
import { anthropicModel } from './anthropic.ts';
import { inOrder } from './in-order.ts';
import { openAiModel } from './openai.ts';
import { remoteContract } from './remote.contract.ts';

type Content = string | { text?: string }[];
const textOf = (content: Content): string => (typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join(''));

remoteContract('an OpenAI-compatible server', (given) => openAiModel({ ...given, url: `${given.url}/v1` }), {
  keyIn: 'authorization', texts: (body: { messages: { content: Content }[] }) => body.messages.map(({ content }) => textOf(content)),
});
remoteContract('Anthropic', anthropicModel, {
  keyIn: 'x-api-key', texts: (body: { system: Content; messages: { content: Content }[] }) => [textOf(body.system), ...body.messages.map(({ content }) => textOf(content))],
});

describe('several models', () => {
  const price = { input: '1', output: '2', currency: 'USD' } as const;
  const prompt: Prompt = { system: '', turns: [], passages: [], question: '?' };
  const speaking = (name: string): Model => ({ name, price, async *say() { yield { kind: 'text', text: name }; } });
  const failing = (name: string, after: Said[] = []): Model => ({ name, price, async *say() { yield* after; throw new Error(name); } });
  const passed: string[] = [];
  const heard = async (models: Model[], first?: string, signal = new AbortController().signal) => {
    passed.length = 0;
    const all: (Speaker | Said)[] = [];
    for await (const one of inOrder(models, { passedOver: (name) => passed.push(name) }).say(prompt, signal, first)) all.push(one);
    return all;
  };

  it('are asked in their order until one has begun, and it is said which', async () => {
    expect(await heard([failing('a'), speaking('b'), speaking('c')])).toEqual([{ kind: 'speaker', model: 'b', price }, { kind: 'text', text: 'b' }]);
    expect(passed).toEqual(['a']);
  });

  it('begin with the one that a tenant chose, and go on without it', async () => {
    expect(await heard([speaking('a'), speaking('b')], 'b')).toMatchObject([{ model: 'b' }, { text: 'b' }]);
    expect(await heard([speaking('a'), failing('b')], 'b')).toMatchObject([{ model: 'a' }, { text: 'a' }]);
    expect(await heard([speaking('a')], 'gone')).toMatchObject([{ model: 'a' }, { text: 'a' }]);
  });

  it('do not go on for one that has begun, nor when somebody says stop', async () => {
    await expect(heard([failing('a', [{ kind: 'text', text: 'One' }]), speaking('b')])).rejects.toThrow('a');
    await expect(heard([failing('a'), speaking('b')], undefined, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    await expect(heard([])).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });
});
