/** Atlas's own documents as what somebody knows: found by the index of search, answered from by a model, as the service does it. */
import { readFileSync, readdirSync } from 'node:fs';
import type { Database } from '../../platform/database/database.ts';
import { newId, type CollectionId, type ItemId } from '../../platform/ids.ts';
import { openStems } from '../../platform/stems.ts';
import { choosePassages } from '../../subgraphs/ai/domain/choosing.ts';
import { openCiting } from '../../subgraphs/ai/domain/citing.ts';
import { spentOf } from '../../subgraphs/ai/domain/usage.ts';
import type { GivenAnswer, GoldenQuestion } from '../../subgraphs/ai/domain/evaluating.ts';
import type { Model, Passage } from '../../subgraphs/ai/domain/models.ts';
import { languageIn } from '../../subgraphs/ai/domain/language.ts';
import { termsBy } from '../../subgraphs/ai/domain/terms.ts';
import { openPrompts } from '../../subgraphs/ai/infrastructure/prompts.ts';
import { queryOf } from '../../subgraphs/search/domain/query.ts';
import { docOf, processOver, someCollection, writeDocuments } from './search-documents.ts';

const ROOT = new URL('../../', import.meta.url);
const FOLDERS = ['docs/', 'docs/decisions/'];
const FOUND_MAX = 20;

export interface DocsQuestion extends GoldenQuestion { readonly half: 'tuning' | 'held out' }
export const docsQuestions = (): DocsQuestion[] => readFileSync(new URL('test/fixtures/eval/atlas-docs.jsonl', ROOT), 'utf8').trim().split('\n')
  .map((line) => JSON.parse(line) as { id: string; half: DocsQuestion['half']; question: string; items: string[]; say: string[] })
  .map(({ say, ...golden }) => ({ ...golden, mustSay: say, mustNotSay: [] }));

export interface Document { path: string; title: string; body: string }
export const documents = (): Document[] => ['README.md', ...FOLDERS.flatMap((folder) => readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith('.md')).sort().map((name) => folder + name))]
  .map((path) => {
    const body = readFileSync(new URL(path, ROOT), 'utf8');
    return { path, body, title: /^# (.*)$/m.exec(body)?.[1] ?? path };
  });

export type Find = (question: string) => Promise<string[]>;

/** Paths, the best first. */
export async function docsIndex(database: Database, docs = documents()): Promise<Find> {
  const [tenantId, collectionId] = [newId('tnt'), someCollection()];
  const rows = docs.map(({ path, title, body }) => ({ path, doc: docOf({ tenantId, collectionId, title, body }) }));
  await writeDocuments(database, tenantId, rows.map(({ doc }) => doc));
  const { index } = processOver(database);
  const paths = new Map(rows.map(({ path, doc }) => [doc.itemId as string, path]));
  return async (question) => {
    const { hits } = await index.find({ tenantId, reach: { kind: 'some', collectionIds: [collectionId] } as never, query: queryOf(question), filter: {}, first: FOUND_MAX, facets: false });
    return hits.map(({ itemId }) => paths.get(itemId)!);
  };
}

/** Retrieval and model may be any. */
export function answeringBy(find: Find, model: Model, docs = documents()): (question: string) => Promise<GivenAnswer> {
  const analyzer = openStems();
  const texts = new Map(docs.map(({ path, title, body }) => [path, { id: path as ItemId, version: 1, title, body, collectionId: 'col_docs' as CollectionId, tags: [] }]));
  const system = openPrompts().get('answer')!.text;
  return async (question) => {
    const began = performance.now();
    const found = await find(question);
    const given = choosePassages(question, found.map((path) => texts.get(path)!), termsBy(analyzer, languageIn(question, analyzer) ?? 'en'));
    return { ...await said(model, { system, question, given }), found, latencyMs: performance.now() - began };
  };
}

async function said(model: Model, { system, question, given }: { system: string; question: string; given: Passage[] }): Promise<Omit<GivenAnswer, 'found' | 'latencyMs'>> {
  const citing = openCiting(given.length);
  let [text, answered, cost] = ['', true, '0'];
  const take = (all: ReturnType<typeof citing.push>): void => {
    for (const one of all) {
      if (one.kind === 'text') text += one.text;
      if (one.kind === 'unanswered') answered = false;
    }
  };
  for await (const one of model.say({ system, turns: [], passages: given, question }, new AbortController().signal)) {
    if (one.kind === 'text') take(citing.push(one.text));
    if (one.kind === 'end') cost = spentOf(one.usage, model.price).cost;
  }
  take(citing.finish());
  return { text, answered: answered && citing.cited.length > 0, cost, citations: citing.cited.map((at) => ({ itemId: given[at]!.itemId, text: `${given[at]!.title} ${given[at]!.headings.join(' ')}\n${given[at]!.text}` })) };
}
