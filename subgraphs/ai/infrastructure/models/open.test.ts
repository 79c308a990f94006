import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readSettings } from '../../../../platform/config.ts';
import { openStems } from '../../../../platform/stems.ts';
import { modelServer } from '../../../../test/kit/model-server.ts';
import { openPrompts } from '../prompts.ts';
import { openModels, priceOf } from './open.ts';

const prompt = { system: 's', turns: [], passages: [], question: 'What is the capital of Mongolia?' };

describe('the models that settings name', () => {
  it('are the local one alone where nothing is set', () => {
    expect(openModels(readSettings({}), openStems(), console).names).toEqual(['local']);
  });

  it('answer in their order, and the local one when no other does, which the log hears of', async () => {
    const server = await modelServer();
    const warned: unknown[] = [];
    try {
      const models = openModels(readSettings({ OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_MODEL: 'gpt-4o-mini-2024-07-18', ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'k', ANTHROPIC_MODEL: 'own' }), openStems(), { info: () => undefined, warn: (about, sentence) => warned.push([about, sentence]) });
      expect(models.names).toEqual(['gpt-4o-mini-2024-07-18', 'own', 'local']);
      expect(warned).toMatchObject([[{ model: 'own' }, expect.stringContaining('ANTHROPIC_PRICE')]]);
      server.does({ status: 400 }, { status: 401 });
      const heard = [];
      for await (const one of models.say(prompt, new AbortController().signal)) heard.push(one);
      expect(heard[0]).toMatchObject({ kind: 'speaker', model: 'local' });
      expect(server.asked.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/messages']);
      expect(warned).toHaveLength(3);
    } finally {
      await server.stop();
    }
  });

  it('have the price of their family, whatever day they were made on, unless another is set', () => {
    expect(priceOf('gpt-4o-mini-2024-07-18')).toEqual({ input: '0.15', output: '0.60', currency: 'USD' });
    expect(priceOf('claude-sonnet-4-5-20250929')).toMatchObject({ input: '3', output: '15' });
    expect(priceOf('gpt-4o-mini', ['1', '2'])).toMatchObject({ input: '1', output: '2' });
    expect(priceOf('gpt-4o-mini-tuned')).toBeNull();
  });
});

describe('a model without a price', () => {
  it('is warned of at start by the setting that would give it one, and costs nothing until then; one that has a price is not', () => {
    const warned: unknown[] = [];
    const notes = { info: () => undefined, warn: (about: object, sentence: string) => warned.push([about, sentence]) };
    openModels(readSettings({ OPENAI_BASE_URL: 'http://localhost:1/v1', OPENAI_MODEL: 'llama-own' }), openStems(), notes);
    expect(warned).toEqual([[{ model: 'llama-own' }, 'The price of this model is not known here: its answers cost nothing until OPENAI_PRICE says what they do.']]);
    openModels(readSettings({ OPENAI_BASE_URL: 'http://localhost:1/v1', OPENAI_MODEL: 'llama-own', OPENAI_PRICE: '0/0' }), openStems(), notes);
    openModels(readSettings({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'gpt-4o-mini' }), openStems(), notes);
    expect(warned).toHaveLength(1);
  });

  it('is priced by a file that says of what day it is, and that settings come first', () => {
    const { about, asOf, models } = JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8'));
    expect(asOf).toMatch(/^20\d\d-\d\d$/);
    expect(about).toMatch(/OPENAI_PRICE or ANTHROPIC_PRICE, which come first/);
    for (const price of Object.values(models)) expect(price).toEqual([expect.stringMatching(/^\d+(\.\d+)?$/), expect.stringMatching(/^\d+(\.\d+)?$/)]);
  });
});

describe('prompts', () => {
  it('are the newest of their name, and say which they are', () => {
    expect([...openPrompts().values()].map(({ name, version }) => [name, version])).toEqual([['answer', 1], ['rewrite', 1]]);
    expect(openPrompts().get('answer')!.text).toContain('[none]');
  });
});
