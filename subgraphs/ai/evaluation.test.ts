import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../platform/database/database.ts';
import { openStems } from '../../platform/stems.ts';
import { answeringBy, docsIndex, docsQuestions, documents, type Find } from '../../test/kit/docs-knowledge.ts';
import { openSearchDatabase } from '../../test/kit/search-documents.ts';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';
import { evaluated, MEASURES, summaryOf, type GivenAnswer, type Summary } from './domain/evaluating.ts';
import { termsBy } from './domain/terms.ts';
import { localModel } from './infrastructure/models/local.ts';

const stems = openStems();
const termsOf = termsBy(stems, 'en');
const questions = docsQuestions();
const LEAST = { recallAt5: 0.85, citationPrecision: 0.95, refusal: 0.9 } as const;
const missed = (summary: Summary): string[] => Object.entries(LEAST).filter(([measure, least]) => (summary[measure as keyof typeof LEAST] ?? 0) < least).map(([measure]) => measure);

let place: TestDatabase;
let database: Database;
let find: Find;
beforeAll(async () => {
  place = await freshDatabase();
  database = await openSearchDatabase(place);
  find = await docsIndex(database);
});
afterAll(async () => {
  await database?.close();
  await place?.drop();
});

const evaluation = (by: (question: string) => Promise<GivenAnswer>) => evaluated(questions, by, termsOf);
const printed = (summary: Summary): string => MEASURES.map((measure) => `${measure} ${summary[measure]?.toFixed(3)}`).join(' · ');

describe('answers from Atlas’s own documents, by the model that needs no key', () => {
  it('are asked for by sixty questions and more, fifteen of which have none', () => {
    expect(questions.length).toBeGreaterThanOrEqual(60);
    expect(questions.filter(({ items }) => items.length === 0).length).toBeGreaterThanOrEqual(15);
    const paths = new Set(documents().map(({ path }) => path));
    expect(questions.flatMap(({ items }) => items).filter((path) => !paths.has(path))).toEqual([]);
  });

  it('are found, supported by what they cite, and refused where there is none', async () => {
    const { summary, each } = await evaluation(answeringBy(find, localModel(stems)));
    // `EVAL=1` prints what the figures are made of.
    if (process.env.EVAL) {
      for (const half of ['tuning', 'held out']) process.stdout.write(`${half}: ${printed(summaryOf(questions.filter((one) => one.half === half).map(({ id }) => each.get(id)!)))}\n`);
      for (const { id, question } of questions) process.stdout.write(`${id} ${question} | ${JSON.stringify({ ...each.get(id), given: undefined })} | ${each.get(id)!.given.text}\n`);
    }
    expect({ missed: missed(summary), summary }).toMatchObject({ missed: [] });
  });

  it('are known to be bad when what is found is not what was asked for', async () => {
    const all = documents().map(({ path }) => path);
    const shuffled: Find = async (question) => {
      const found = await find(question);
      return all.filter((path) => !found.includes(path)).slice(0, 10).concat(found.slice(10));
    };
    const { summary } = await evaluation(answeringBy(shuffled, localModel(stems)));
    expect(missed(summary)).toEqual(expect.arrayContaining(['recallAt5', 'refusal']));
  });

  it('are known to be bad when they cite what does not say it', async () => {
    const good = answeringBy(find, localModel(stems));
    const swapped = async (question: string): Promise<GivenAnswer> => {
      const given = await good(question);
      return { ...given, citations: given.citations.map((one) => ({ ...one, text: 'Pandas eat bamboo, and sleep for most of the day.' })) };
    };
    expect(missed((await evaluation(swapped)).summary)).toEqual(['citationPrecision']);
  });
});
