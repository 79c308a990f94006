/** Suites as `npm test` runs them, from a proof that wants them otherwise set. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** True when all have passed. */
export async function runSuites(paths: readonly string[], env: Record<string, string>): Promise<boolean> {
  const suites = spawn(process.execPath, ['--max-semi-space-size=64', '--import', 'tsx', 'node_modules/jest/bin/jest.js', ...paths], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = await once(suites, 'exit') as [number | null];
  return code === 0;
}
