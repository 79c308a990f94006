/**
 * `npx atlas eval`: how good answers are, on questions about Atlas's own documents whose answers are known. Everything
 * is real and its own: a database that is made for it, the documents brought in, found and answered from, then all of it gone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SettingsError } from '../config.ts';
import { newId, type TenantId } from '../ids.ts';
import { askAs, type AskAs, type Services } from './as-somebody.ts';
import { fileOf, importFiles, type MarkdownFile } from './import.ts';

export const EVAL_HELP = `atlas eval          ask what is known of Atlas's own documents, and say how good the answers are
`;

/** Where the clone is: what runs may be its compiled copy, which has no documents. */
const ROOT = cloneAround(dirname(fileURLToPath(import.meta.url)));
function cloneAround(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder ? folder : cloneAround(dirname(folder));
}
const QUESTIONS = join(ROOT, 'test/fixtures/eval/atlas-docs.jsonl');
/** Below these something has become worse. */
const LEAST: Readonly<Record<string, number>> = { recallAt5: 0.85, citationPrecision: 0.95, refusal: 0.9 };
const MEASURES = ['recallAt5', 'ndcgAt10', 'citationPrecision', 'citationRecall', 'groundedness', 'rightItems', 'saysIt', 'refusal'] as const;
const PATIENCE_MS = 300_000;
const LOOK_MS = 250;

/** Atlas's own documents, where they are; none where only the code is. */
export function ownDocuments(): MarkdownFile[] {
  const folders = ['docs', 'docs/decisions'].filter((folder) => existsSync(join(ROOT, folder)));
  const paths = folders.flatMap((folder) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md')).sort().map((name) => `${folder}/${name}`));
  return (paths.length > 0 ? ['README.md', ...paths] : []).map((path) => fileOf(join(ROOT, path), path));
}

interface Run { measures: Record<(typeof MEASURES)[number], number | null> | null; model: string; prompt: string; latencyMsP50: number; latencyMsP95: number; cost: { amount: string; currency: string }; finishedAt: string | null }
export interface Evaluated { text: string; isGood: boolean }

export async function evaluate(services: Services, say: (line: string) => void): Promise<Evaluated> {
  if (!existsSync(QUESTIONS)) throw new SettingsError('The questions are in a clone of Atlas, and not here.');
  const userId = newId('usr');
  const { createTenant } = await askAs(services, { userId, tenantId: null })<{ createTenant: { tenant: { id: string } } }>('tenants', 'mutation { createTenant(input: { name: "Evaluation" }) { tenant { id } userErrors { message } } }');
  const ask = askAs(services, { userId, tenantId: createTenant.tenant.id as TenantId });
  const { ids } = await importFiles(ask, 'Atlas', ownDocuments());
  say(`${ids.size} documents are brought in.`);
  await indexed(ask, [...ids.values()]);
  const golden = readFileSync(QUESTIONS, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { question: string; items: string[]; say: string[] });
  const questions = golden.map(({ question, items, say: mustSay }) => ({ question, mustSay, itemIds: items.map((path) => ids.get(path)!) }));
  const { saveEvalSet } = await ask<{ saveEvalSet: { evalSet: { id: string } } }>('ai', 'mutation($input: SaveEvalSetInput!) { saveEvalSet(input: $input) { evalSet { id } userErrors { message } } }', { input: { name: 'Atlas', questions } });
  await ask('ai', 'mutation($input: StartEvalRunInput!) { startEvalRun(input: $input) { evalRun { id } userErrors { message } } }', { input: { evalSetId: saveEvalSet.evalSet.id } });
  say(`${questions.length} questions are asked.`);
  return tableOf(await finished(ask), questions.length);
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > end) throw new SettingsError(`${what} took longer than ${PATIENCE_MS / 60_000} minutes.`);
    await sleep(LOOK_MS);
  }
}
const STATES = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { indexState } } }';
const indexed = (ask: AskAs, ids: readonly string[]): Promise<true> => until('Indexing', async () => {
  const { _entities } = await ask<{ _entities: ({ indexState: string } | null)[] }>('search', STATES, { representations: ids.map((id) => ({ __typename: 'Item', id, version: 1, deletedAt: null })) });
  return _entities.every((one) => one?.indexState === 'INDEXED') || null;
});
const RUNS = `{ evalRuns(first: 1) { nodes { model prompt latencyMsP50 latencyMsP95 finishedAt cost { amount currency } measures { ${MEASURES.join(' ')} } } } }`;
const finished = (ask: AskAs): Promise<Run> => until('Answering', async () => {
  const [run] = (await ask<{ evalRuns: { nodes: Run[] } }>('ai', RUNS)).evalRuns.nodes;
  return run?.finishedAt ? run : null;
});

export function tableOf({ measures, model, prompt, latencyMsP50, latencyMsP95, cost }: Run, questions: number): Evaluated {
  const missed = Object.entries(LEAST).filter(([measure, least]) => (measures?.[measure as (typeof MEASURES)[number]] ?? 0) < least).map(([measure]) => measure);
  const lines = MEASURES.map((measure) => {
    const value = measures?.[measure];
    const least = LEAST[measure];
    return `${measure.padEnd(20)}${(value == null ? '–' : value.toFixed(3)).padStart(7)}${least === undefined ? '' : `   least ${least.toFixed(2)}  ${missed.includes(measure) ? 'MISSED' : 'held'}`}`;
  });
  const rest = `${questions} questions · ${model} · ${prompt} · ${latencyMsP50} ms, ${latencyMsP95} ms for the slowest twentieth · ${cost.amount} ${cost.currency}`;
  return { text: `\n${lines.join('\n')}\n\n${rest}\n`, isGood: missed.length === 0 };
}
