/**
 * `npm run schema:breaking`: what clients rely on does not change unnoticed. The API is compared with the one on main,
 * and so are the events (breaking-events.ts); a breaking change passes only when a decision record names its exact path
 * in a line of its own:
 *
 *     Breaking: Query.foo
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { breakingEvents } from './breaking-events.ts';
import { fileOf } from './compose.ts';
import { beforeLastChange, onMain } from './released.ts';
import { ROOT } from './slices.ts';
import { decidedPaths, type Verdict } from './verdict.ts';

/** `allowed`: the paths that decision records name. */
export async function judge(before: string, after: string, allowed: ReadonlySet<string>): Promise<Verdict> {
  const changes = await diff(buildSchema(before), buildSchema(after));
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  const refused = breaking.filter(({ path }) => !path || !allowed.has(path));
  const lines = refused.map(({ path, message }) => `${path ?? 'schema'}: ${message}`);
  if (refused.length > 0) {
    return { code: 1, lines: [...lines, 'This breaks clients. Deprecate instead, or write the reason as a record in docs/decisions with a line `Breaking: <path>` for each path above.'] };
  }
  return { code: 0, lines: [`${changes.length} changes against main; ${breaking.length === 0 ? 'none breaks clients' : `${breaking.length} break clients and are decided`}.`] };
}

export async function breaking(root: string): Promise<Verdict> {
  const file = fileOf('api');
  const before = onMain(root, file);
  if (before === null) return { code: 0, lines: [`There is no ${file} on main to compare with: nothing can break.`] };
  const path = join(root, file);
  if (!existsSync(path)) return { code: 1, lines: [`${file} is on main and not here: run npm run schema.`] };
  const after = readFileSync(path, 'utf8');
  // On main itself the two are one: what the last change of the API did is looked at instead.
  return judge(before === after ? beforeLastChange(root, file) ?? before : before, after, decidedPaths(join(root, 'docs/decisions')));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const verdicts = [await breaking(ROOT), breakingEvents(ROOT)];
  process.stdout.write(`${verdicts.flatMap(({ lines }) => lines).join('\n')}\n`);
  process.exitCode = Math.max(...verdicts.map(({ code }) => code));
}
