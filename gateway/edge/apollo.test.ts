import { expect, it } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HeaderMap } from '@apollo/server';
import { buildSchema, parse, type OperationDefinitionNode } from 'graphql';
import { eventually } from '../../test/kit/eventually.ts';
import { openLog } from '../../platform/log.ts';
import { anonymous } from '../../platform/viewer.ts';
import { JsonText, type Executor, type Prepared } from '../executor.ts';
import { openApollo, type Apollo } from './apollo.ts';

const schema = buildSchema('type Query { a: Int }');
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Asks, and keeps nothing of it but a look at whether it is still there. */
async function asked(apollo: Apollo, text: string): Promise<{ body: string; document: WeakRef<object> }> {
  const document = parse(text);
  const operation = document.definitions[0] as OperationDefinitionNode;
  const prepared: Prepared = { document, operation, kind: 'query', schema, coordinates: new Set(), defers: false, plan: () => '' };
  const { body } = await apollo.answer(
    { method: 'POST', headers: new HeaderMap([['content-type', 'application/json']]), search: '', body: { query: text } },
    { prepared, text, asked: { variables: {}, caller: { viewer: anonymous } }, extensions: async () => ({}) },
  );
  return { body, document: new WeakRef(document) };
}

it('a document that was answered is kept by nobody here: what is remembered, and how much, is the engine’s to say', async () => {
  const executor = { schema: () => schema, answer: async () => ({ data: new JsonText('{"a":1}'), actualCost: 0 }) } as unknown as Executor;
  const apollo = await openApollo({ executor, production: true, log: openLog({ level: 'silent', pretty: false }) });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => asked(apollo, `query Q${n % 10} { a }`)));
  expect(answers.map(({ body }) => body)).toEqual(answers.map(() => '{"data":{"a":1}}'));
  await eventually('the documents to be gone', () => {
    collect();
    return answers.every(({ document }) => document.deref() === undefined);
  });
  await apollo.stop();
});
