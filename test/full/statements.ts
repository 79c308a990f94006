/** R6 at length: the suite of test/faults with every change that it knows. `npm run test:full statements` */
import { runSuites } from '../kit/run-suites.ts';

export async function run(): Promise<void> {
  if (!await runSuites(['test/faults/statements'], { STATEMENTS: 'all' })) throw new Error('A change is left half done; the lines above say which.');
}
