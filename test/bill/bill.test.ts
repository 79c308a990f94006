import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compare, times, type Decimal } from '../../platform/decimal.ts';
import { startArrangement, type Running } from '../kit/arrangements.ts';
import { modelServer, type ModelServer } from '../kit/model-server.ts';
import { freshDatabase, type TestDatabase } from '../kit/databases.ts';
import { answersBy, equalSums } from './equal.ts';
import { APART, killGateway, PATIENT } from './kill.ts';
import { openBooks, type Books } from './sums.ts';

/** Only what hangs is ended by it. */
const LONG_MS = 400_000;

let database: TestDatabase;
let model: ModelServer;
let atlas: Running;
let books: Books;
beforeAll(async () => {
  database = await freshDatabase();
  model = await modelServer();
  atlas = await startArrangement(APART, { ...PATIENT, ...answersBy(model) }, database);
  books = await openBooks(database.url);
}, 120_000);
afterAll(async () => {
  await books?.close();
  await atlas?.stop();
  await model?.stop();
});

describe('the bill', () => {
  it('of a thousand mixed calls is one sum, said by the answers, the meter and the books, while the meter is killed', async () => {
    const { calls, refused, killed, told, counted } = await equalSums({ atlas, books, calls: 1_000, seed: 7, kills: 2, say: (line) => void process.stderr.write(`${line}\n`) });
    expect(calls).toBeGreaterThan(1_000);
    expect(killed).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(50);
    // Models have had their part in it.
    expect(compare(told.money, times('0.000001' as Decimal, told.points))).toBe(1);
    expect(counted).toEqual({ points: told.points, operations: told.operations, meter: told.money, days: told.money, ledger: told.money, unbalanced: 0 });
  }, LONG_MS);

  it('has every change that was answered in it, and no question that was not asked, when the gateway is killed', async () => {
    const { changes, questions } = await killGateway({ atlas, books, kills: 2 });
    process.stderr.write(`${JSON.stringify({ changes, questions })}\n`);
    expect(changes.told).toBeGreaterThan(0);
    expect(changes.counted).toBeGreaterThanOrEqual(changes.told);
    expect(changes.counted).toBeLessThanOrEqual(changes.told + changes.open);
    expect(questions.counted).toBeGreaterThanOrEqual(questions.sure);
    expect(questions.counted).toBeLessThanOrEqual(questions.told + questions.open);
  }, LONG_MS);
});
