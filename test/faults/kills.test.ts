/** R1 and R2 in short: what was acknowledged is there, what was refused is not, and each is told once. */
import { expect, it } from '@jest/globals';
import { figuresOf, killRun, VICTIMS } from './kills.ts';

it('loses nothing and doubles nothing, whichever process is ended', async () => {
  const seed = Date.now() % 1_000_000;
  const found = await killRun({ victims: [...VICTIMS, 'tenants'], seed });
  process.stdout.write(`R1 (seed ${seed}) ${figuresOf(found)}\n`);
  expect(found.faults).toEqual([]);
  expect(found.acknowledged).toBeGreaterThan(20);
}, 180_000);
