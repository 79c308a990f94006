/**
 * The part of `npm run schema:breaking` about events: a version that main has means here what it means there. One that
 * is gone, or means something else, passes only when a decision record names it: `Breaking: users.user-registered.v1`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { newMeanings } from './event-meaning.ts';
import { EVENTS, isSchemaFile } from './event-schema.ts';
import { beforeLastChange, namesOnMain, onMain } from './released.ts';
import { decidedPaths, type Verdict } from './verdict.ts';

export function breakingEvents(root: string): Verdict {
  const decided = decidedPaths(join(root, 'docs/decisions'));
  const released = namesOnMain(root, EVENTS).filter(isSchemaFile);
  const broken = released.map((file) => ({ version: basename(file, '.schema.json'), what: brokenIn(root, file) })).filter(({ what }) => what.length > 0);
  const refused = broken.filter(({ version }) => !decided.has(version));
  if (refused.length > 0) {
    return { code: 1, lines: [
      ...refused.flatMap(({ version, what }) => what.map((one) => `${version}: ${one}`)),
      'This breaks whoever reads events. Declare a new version, or write the reason as a record in docs/decisions with a line `Breaking: <event>.v<version>` for each of the above.',
    ] };
  }
  return { code: 0, lines: [`${released.length} versions of events are on main; ${broken.length === 0 ? 'none means anything else here' : `${broken.length} changed and are decided`}.`] };
}

function brokenIn(root: string, file: string): string[] {
  const path = join(root, file);
  if (!existsSync(path)) return ['is gone'];
  const [before, after] = [onMain(root, file)!, readFileSync(path, 'utf8')];
  // On main itself the two are one: what its last change did is looked at instead.
  return newMeanings(JSON.parse(before === after ? beforeLastChange(root, file) ?? before : before), JSON.parse(after));
}
