/** The bill at length. `npm run test:full bill [calls] [kills] [seed]`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedPostgres } from '../../platform/embedded/postgres.ts';
import { answersBy, equalSums } from '../bill/equal.ts';
import { APART, killGateway, PATIENT } from '../bill/kill.ts';
import { openBooks } from '../bill/sums.ts';
import { startArrangement } from '../kit/arrangements.ts';
import { modelServer } from '../kit/model-server.ts';

const CALLS = 10_000;
const KILLS = 20;

export async function run([calls = String(CALLS), kills = String(KILLS), seed = String(Date.now() % 1_000_000)]: readonly string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bill-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  const model = await modelServer();
  const atlas = await startArrangement(APART, { ...PATIENT, ...answersBy(model) }, { url: postgres.url, ownerUrl: postgres.ownerUrl, drop: async () => undefined });
  const books = await openBooks(postgres.url);
  try {
    const { told, counted } = await equalSums({ atlas, books, calls: Number(calls), seed: Number(seed), kills: Number(kills), say });
    const isEqual = counted.meter === told.money && counted.ledger === told.money && counted.points === told.points && counted.operations === told.operations;
    say(isEqual ? 'All three are one sum.' : 'They differ.');
    const { changes, questions } = await killGateway({ atlas, books, kills: Number(kills) });
    say(`the gateway killed ${kills} times: changes told ${changes.told}, counted ${changes.counted}, without an answer ${changes.open}; questions told ${questions.told}, counted ${questions.counted}, without an answer ${questions.open}`);
    const isExact = changes.counted >= changes.told && changes.counted <= changes.told + changes.open && questions.counted <= questions.told + questions.open && questions.counted >= questions.sure;
    if (!isEqual || !isExact) process.exitCode = 1;
  } finally {
    await books.close();
    await atlas.stop();
    await model.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
