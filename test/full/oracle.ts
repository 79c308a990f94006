/** Thousands of random questions to every world of the oracle, in turns, until the time is over. ORACLE_SEED repeats a run. */
import { openTrial, tryWorld } from '../oracle/trial.ts';
import { WORLDS } from '../oracle/worlds/index.ts';

const MINUTES_MAX = 25;
const QUESTIONS = 2_000;

export async function run([wanted]: readonly string[]): Promise<void> {
  const seed = Number(process.env.ORACLE_SEED ?? Math.floor(Date.now() / 1_000) % 1_000_000);
  const worlds = WORLDS.filter(({ name }) => !wanted || name === wanted);
  process.stdout.write(`ORACLE_SEED=${seed}\n`);
  let bad = 0;
  for (const world of worlds) {
    const trial = await openTrial(world);
    try {
      const { asked, faults, explained } = await tryWorld(trial, { seed, questions: QUESTIONS, until: Date.now() + (MINUTES_MAX * 60_000) / worlds.length });
      bad += faults.length;
      process.stdout.write(`${world.name.padEnd(10)} ${String(asked).padStart(6)} questions, ${faults.length} faults${[...explained].map(([name, times]) => `\n${String(times).padStart(17)} × Apollo: ${name}`).join('')}\n`);
      if (faults.length > 0) process.stdout.write(`${faults.join('\n\n')}\n`);
    } finally {
      await trial.stop();
    }
  }
  if (bad > 0) throw new Error(`${bad} answers differ from the monolith's.`);
}
