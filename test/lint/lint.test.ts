import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import graphql from '@graphql-eslint/eslint-plugin';
import { Linter, type Rule } from 'eslint';
import tseslint from 'typescript-eslint';

/** By path, because the rules are plain JavaScript, of which the compiler knows nothing. */
const load = (file: string) => import(join(import.meta.dirname, file)) as Promise<Record<string, Rule.RuleModule>>;
const { noHomemadeLoop, noEnvironment } = await load('code-rules.js');
const { nullableRoots, mutationShape, noTypenamePrefix } = await load('graph-rules.js');

const faultsOf = (text: string, file: string, config: Linter.Config): string[] => new Linter().verify(text, [{ files: ['**/*.ts', '**/*.graphql'], ...config }], file).map(({ message }) => message);

const inCode = (text: string) => faultsOf(text, 'planted.ts', {
  languageOptions: { parser: tseslint.parser as Linter.Parser },
  plugins: { atlas: { rules: { loop: noHomemadeLoop!, env: noEnvironment! } } },
  rules: { 'atlas/loop': 'error', 'atlas/env': 'error' },
});
const inSchema = (text: string) => faultsOf(text, 'planted.graphql', {
  languageOptions: { parser: graphql.parser as unknown as Linter.Parser, parserOptions: { schemaSdl: text } },
  plugins: { atlas: { rules: { roots: nullableRoots!, mutations: mutationShape!, prefix: noTypenamePrefix! } } },
  rules: { 'atlas/roots': 'error', 'atlas/mutations': 'error', 'atlas/prefix': 'error' },
});

describe('a homemade loop', () => {
  it.each([
    ['an interval', 'setInterval(() => work(), 10);'],
    ['an interval by its owner', 'globalThis.setInterval(work, 10);'],
    ['an imported interval', `import { setInterval as every } from 'node:timers/promises';`],
    ['a timer that sets itself again', 'function round() { setTimeout(round, 10); }'],
    ['a timer that calls its function again', 'const round = async () => { setTimeout(() => void round(), 10); };'],
    ['an endless loop that sleeps', `import { setTimeout as nap } from 'node:timers/promises'; async function f() { for (;;) { await nap(10); } }`],
    ['the same with while', 'async function f() { while (true) { await work(); await sleep(10); } }'],
  ])('is found: %s', (_what, text) => expect(inCode(text)).toEqual([expect.stringContaining('loop() of platform/loop.ts')]));

  it.each([
    ['a deadline', 'const late = new Promise((resolve) => { const timer = setTimeout(() => resolve(1), 10); });'],
    ['a sleep', 'async function f() { await sleep(10); }'],
    ['waiting with a bound', 'async function f() { for (const until = Date.now() + 10; Date.now() < until; await sleep(1)); }'],
    ['waiting with a bound inside', 'async function f() { for (;;) { if (Date.now() > until) return; await sleep(1); } }'],
  ])('is not: %s', (_what, text) => expect(inCode(text)).toEqual([]));
});

describe('the environment', () => {
  it.each([
    ['a variable', 'const x = process.env.PORT;'],
    ['all of it', 'const x = { ...process.env };'],
    ['by text', 'const x = process["env"];'],
    ['taken apart', 'const { env } = process;'],
    ['imported', `import { env } from 'node:process';`],
  ])('is not read: %s', (_what, text) => expect(inCode(text)).toEqual([expect.stringContaining('Only platform/config.ts')]));

  it.each([
    ['as it is', 'readSettings(process.env);'],
    ['with a change', 'readSettings({ ...process.env, PORT: "0" });'],
    ['to a child, its PATH', 'spawn("initdb", { env: { PATH: process.env.PATH } });'],
  ])('may be handed over: %s', (_what, text) => expect(inCode(text)).toEqual([]));
});

describe('the schema', () => {
  const good = `
    type Query { me: String }
    type Subscription { ask: String }
    type Mutation { createItem(input: CreateItemInput!): CreateItemPayload! }
    input CreateItemInput { title: String! }
    type CreateItemPayload { item: String userErrors: [String!]! }
    type Answer { text: String answered: Boolean }`;
  it('passes as it should be', () => expect(inSchema(good)).toEqual([]));
  it.each([
    ['a root field that is never null', good.replace('me: String', 'me: String!'), 'Query.me must be nullable'],
    ['a subscription that is never null', good.replace('ask: String', 'ask: String!'), 'Subscription.ask must be nullable'],
    ['a mutation without an input', good.replace('(input: CreateItemInput!)', ''), 'takes one argument'],
    ['a mutation with more than an input', good.replace('(input: CreateItemInput!)', '(input: CreateItemInput!, id: ID)'), 'takes one argument'],
    ['a mutation with another’s input', good.replaceAll('CreateItemInput', 'ItemInput'), 'CreateItemInput'],
    ['a mutation with another’s payload', good.replaceAll('CreateItemPayload', 'ItemPayload'), 'its own CreateItemPayload'],
    ['a payload that always holds the item', good.replace('item: String', 'item: String!'), 'CreateItemPayload.item must be nullable'],
    ['userErrors that may be null', good.replace('[String!]!', '[String!]'), 'userErrors is never null'],
    ['a field that repeats its type', good.replace('text: String', 'answerText: String'), 'Answer.answerText says'],
    ['a field that is called as its type', good.replace('text: String', 'answer: String'), 'Answer.answer says'],
    ['a payload without userErrors', good.replace(' userErrors: [String!]!', ''), 'has no userErrors'],
  ])('is refused with %s', (_what, text, message) => expect(inSchema(text)).toEqual([expect.stringContaining(message)]));
});
