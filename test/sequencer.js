/**
 * Long suites begin first: one that begins last ends the run alone. An earlier run has left its timings; a fresh clone has
 * none, and takes these, the longest first, before all others by their size as jest does.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The one that jest brings along, and keeps timings with. */
const { default: Sequencer } = createRequire(createRequire(import.meta.url).resolve('jest'))('@jest/test-sequencer');

const ROOT = join(import.meta.dirname, '..');
const LONGEST = [
  'test/journeys/journeys', 'test/faults/statements', 'test/faults/kills', 'test/isolation', 'test/command', 'subgraphs/collections/about-transfer', 'test/faults/reload',
  'test/oracle/oracle', 'subgraphs/collections/about-items', 'subgraphs/collections/about-collections', 'subgraphs/collections/about-files', 'platform/jobs/worker-stops',
  'platform/outbox/listen', 'platform/outbox/replay', 'subgraphs/tenants/about-tenants', 'test/faults/import-kills', 'subgraphs/collections/replica', 'platform/embedded/postgres',
  'platform/jobs/worker', 'test/faults/subgraph-down', 'subgraphs/users/attempts', 'test/journeys/abuse', 'gateway/about-asking', 'subgraphs/collections/item-changed-goes-on',
  'test/parts', 'test/journeys/replica', 'platform/bus/postgres-log', 'schema/publish', 'gateway/policy/edge', 'test/journeys/search',
].map((name) => join(ROOT, `${name}.test.ts`));

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.every(({ duration }) => duration)) return sorted;
    for (const path of LONGEST) if (!existsSync(path)) throw new Error(`test/sequencer.js names ${path}, which is not there.`);
    const place = ({ path }) => (LONGEST.includes(path) ? LONGEST.indexOf(path) : LONGEST.length);
    return sorted.sort((one, other) => place(one) - place(other)); // stable: the others stay as they were
  }
}
