/**
 * What is promised of answers, as figures. `npm run test:full answers [soon|judge|support|rerank|browser|recall [STEPS] [SEED]]`: how soon after retrieval
 * the first token is there and how soon a cancelled model is let go of; how many of the written pairs are taken for one question; whether
 * another order of what was found would be a better one; and whether what is remembered is told to who could not read it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askAs } from '../../platform/commands/as-somebody.ts';
import { ownDocuments } from '../../platform/commands/eval.ts';
import { importFiles } from '../../platform/commands/import.ts';
import { embeddedPostgres } from '../../platform/embedded/postgres.ts';
import { openStems } from '../../platform/stems.ts';
import { reloadedInTheMiddle } from './answers-browser.ts';
import { rerankGain } from './answers-rerank.ts';
import { supportTable } from './answers-support.ts';
import { likeness } from '../../subgraphs/ai/domain/same-question.ts';
import { answerTo, follow } from '../kit/answers.ts';
import { docsQuestions } from '../kit/docs-knowledge.ts';
import { eventually } from '../kit/eventually.ts';
import { modelServer } from '../kit/model-server.ts';
import { runSuites } from '../kit/run-suites.ts';
import { search } from '../kit/search.ts';
import { startServices, WHOLE, type Kit } from '../kit/services.ts';
import { done, newTenant, type TestTenant } from '../kit/tenants.ts';

const FIRST_TOKEN_MS = 300;
const CANCEL_MS = 500;
const CANCELS = 20;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percentile = (of: readonly number[], share: number): number => of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? NaN;

export async function run([which, ...more]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-answers-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  Object.assign(process.env, { ATLAS_TEST_URL: postgres.url, ATLAS_TEST_OWNER_URL: postgres.ownerUrl });
  try {
    if (which === undefined || which === 'judge') judge();
    if (which === undefined || which === 'support') say(supportTable());
    if (which === undefined || which === 'rerank') say(await rerankGain());
    if (which === undefined || which === 'soon') await soon();
    if (which === undefined || which === 'browser') say(await reloadedInTheMiddle());
    if (which === undefined || which === 'recall') await recalled(more);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The suite of the quick run, for longer. */
async function recalled([steps = '2000', seed = String(Date.now() % 1_000_000)]: readonly string[]): Promise<void> {
  if (!await runSuites(['subgraphs/ai/recalling-property'], { RECALL_STEPS: steps, RECALL_SEED: seed })) throw new Error(`Something was told to somebody who cannot read it, or too little was tried (seed ${seed}).`);
}

/** What is missed is said, and the run fails: a figure that is promised. */
function promised(what: string, times: readonly number[], mostMs: number): void {
  const [p50, p95, most] = [percentile(times, 0.5), percentile(times, 0.95), Math.max(...times)];
  say(`${what}: ${Math.round(p50)} ms, p95 ${Math.round(p95)} ms, at most ${Math.round(most)} ms of ${times.length} (promised: ${mostMs} ms at p95)`);
  if (p95 <= mostMs) return;
  process.exitCode = 1;
  say('  MISSED');
}

function judge(): void {
  const pairs = JSON.parse(readFileSync(new URL('../fixtures/cache-pairs.json', import.meta.url), 'utf8')) as { set: string; a: string; b: string; same: boolean }[];
  const stems = openStems();
  for (const set of ['first', 'all']) {
    const some = pairs.filter((pair) => set === 'all' || pair.set === set);
    const taken = (same: boolean): string => {
      const of = some.filter((pair) => pair.same === same);
      const hits = of.filter(({ a, b }) => likeness(a, b, stems).isSame).length;
      return `${hits} of ${of.length} (${((100 * hits) / of.length).toFixed(0)} %)`;
    };
    say(`${set === 'all' ? 'all' : 'the first hundred'} written pairs: taken for one are ${taken(true)} paraphrases and ${taken(false)} near misses`);
  }
}

async function soon(): Promise<void> {
  const server = await modelServer();
  const local = await startServices(WHOLE, { env: { AI_CACHE: 'off', AI_MODELS: 'local', LOG_LEVEL: 'warn' } });
  try {
    const tenant = await known(local);
    promised('the first token after retrieval, local model', await firstTokens(local, tenant), FIRST_TOKEN_MS);
  } finally {
    await local.stop();
  }
  const remote = await startServices(WHOLE, { env: { AI_CACHE: 'off', AI_MODELS: 'openai', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1/2', LOG_LEVEL: 'warn' } });
  try {
    const tenant = await known(remote);
    promised('a model elsewhere is let go of after cancelAnswer', await cancels(remote, tenant, server), CANCEL_MS);
  } finally {
    await remote.stop();
    await server.stop();
  }
}

async function known(kit: Kit): Promise<TestTenant> {
  const tenant = await newTenant(kit);
  await importFiles(askAs(kit.atlas.services, { userId: tenant.owner.userId, tenantId: tenant.id }), 'Atlas', ownDocuments());
  await eventually('the documents to be found', async () => (await search(kit, tenant.owner, 'webhook deliveries')).ids.length > 0, 60_000);
  return tenant;
}

/** From when it is told that retrieval is over, to the first token, both as a client gets them. */
async function firstTokens(kit: Kit, { owner }: TestTenant): Promise<number[]> {
  const questions = docsQuestions().filter(({ items }) => items.length > 0).map(({ question }) => question);
  await answerTo(kit, owner, { question: questions[0] });
  const times: number[] = [];
  for (const question of questions) {
    const following = follow(kit, owner, { question });
    const [from, to] = await Promise.all([arrival(following, ({ name }) => name === 'answer'), arrival(following, ({ __typename }) => __typename === 'Token')]);
    times.push(to - from);
    await following.ended;
  }
  return times;
}

const LOOK_MS = 1;
const PATIENCE_MS = 60_000;
async function until(what: string, is: () => boolean): Promise<number> {
  for (const since = performance.now(); !is();) {
    if (performance.now() - since > PATIENCE_MS) throw new Error(`Waited ${PATIENCE_MS / 1_000} s for ${what}.`);
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
  }
  return performance.now();
}
const arrival = (following: ReturnType<typeof follow>, is: (told: (typeof following.got)[number]) => boolean): Promise<number> => until('an event', () => following.got.some(is));

async function cancels(kit: Kit, { owner }: TestTenant, server: Awaited<ReturnType<typeof modelServer>>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < CANCELS; n += 1) {
    server.does({ text: ['Deliveries ', 'are kept ', 'for 30 days [1]. ', 'never'], silentAfter: 3 });
    const [before, asked] = [server.hungUp, server.asked.length];
    const following = follow(kit, owner, { question: 'How long are webhook deliveries kept?' });
    await eventually('the model to be asked', () => server.asked.length > asked && following.got.length > 0);
    await arrival(following, ({ __typename }) => __typename === 'Token');
    const since = performance.now();
    done(await kit.ask('ai', 'mutation($input: CancelAnswerInput!) { cancelAnswer(input: $input) { answer { state } userErrors { code } } }', { input: { id: following.got[0]!.answerId } }, owner.viewer));
    await until('the model to be let go of', () => server.hungUp > before);
    times.push(performance.now() - since);
    await following.ended;
  }
  return times;
}
