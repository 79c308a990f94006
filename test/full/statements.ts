/** R6 at length: the suite of test/faults with every change that it knows. `npm run test:full statements` */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export async function run(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const jest = spawn(process.execPath, ['--import', 'tsx', 'node_modules/jest/bin/jest.js', 'test/faults/statements'], { cwd: root, stdio: 'inherit', env: { ...process.env, STATEMENTS: 'all' } });
  const [code] = await once(jest, 'exit') as [number | null];
  if (code !== 0) throw new Error('A change is left half done; the lines above say which.');
}
