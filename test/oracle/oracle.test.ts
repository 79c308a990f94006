/**
 * Random questions to small federated worlds: what the executor answers is what one server with the same data would.
 * ORACLE_SEED repeats a run.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { trials } from './cases.ts';
import { openTrial, tryWorld } from './trial.ts';
import { WORLDS } from './worlds/index.ts';

const SEED = Number(process.env.ORACLE_SEED ?? 20_261);
const QUESTIONS = 40;

describe(`any question gets the monolith's answer (ORACLE_SEED=${SEED}, ${QUESTIONS} questions a world)`, () => {
  const met = new Map<string, number>();
  for (const world of WORLDS) {
    it(`${world.name}: ${world.about}`, async () => {
      const kept = trials.get(world.name);
      const trial = kept ?? await openTrial(world);
      try {
        const { asked, faults, explained } = await tryWorld(trial, { seed: SEED, questions: QUESTIONS });
        expect(faults.join('\n\n')).toBe('');
        expect(asked).toBe(QUESTIONS);
        for (const [name, times] of explained) met.set(name, (met.get(name) ?? 0) + times);
      } finally {
        if (!kept) await trial.stop();
      }
    });
  }
  afterAll(() => {
    process.stdout.write(`${[...met].map(([name, times]) => `${String(times).padStart(5)} × Apollo: ${name}`).join('\n')}\n`);
  });
});
