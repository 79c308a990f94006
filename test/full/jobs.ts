/**
 * R4 at length. `npm run test:full jobs [kills] [seed] [folder]`: in rounds, each on a database of its own. With a folder it
 * writes down after each round how far it has come; the same command goes on from there.
 */
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedPostgres } from '../../platform/embedded/postgres.ts';
import { jobKills } from '../faults/job-kills.ts';

const KILLS = 200;
const ROUND = 20;
const LEASE_MS = 2_000;

interface Tally { kills: number; seed: number; faults: number; takenOver: number }

export async function run([kills = String(KILLS), seed = String(Date.now() % 1_000_000), folder]: readonly string[]): Promise<void> {
  const noted = folder ? join(folder, 'jobs.json') : null;
  const tally: Tally = noted && existsSync(noted) ? JSON.parse(readFileSync(noted, 'utf8')) as Tally : { kills: 0, seed: Number(seed), faults: 0, takenOver: 0 };
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(`seed ${tally.seed}${tally.kills ? `, going on after ${tally.kills} kills` : ''}`);
  const data = mkdtempSync(join(tmpdir(), 'atlas-jobs-'));
  const postgres = await embeddedPostgres({ folder: join(data, 'postgres') });
  try {
    while (tally.kills < Number(kills)) {
      const round = Math.min(ROUND, Number(kills) - tally.kills);
      const found = await jobKills({ kills: round, seed: tally.seed + tally.kills, leaseMs: LEASE_MS, say }, postgres);
      found.faults.forEach(say);
      say(`R4 ${found.figures}`);
      Object.assign(tally, { kills: tally.kills + round, faults: tally.faults + found.faults.length, takenOver: tally.takenOver + found.takenOver });
      if (noted) {
        mkdirSync(folder!, { recursive: true });
        writeFileSync(noted, JSON.stringify(tally));
      }
    }
    say(`R4 (seed ${tally.seed}) ${tally.kills} kills: ${tally.takenOver} jobs begun more than once, ${tally.faults} stuck, lost or doubled`);
    if (tally.faults > 0) process.exitCode = 1;
  } finally {
    await postgres.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
