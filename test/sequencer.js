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
  'test/journeys/journeys', 'test/faults/statements', 'test/isolation', 'test/command', 'subgraphs/ai/recalling-property', 'test/bill/bill', 'subgraphs/billing/about-billing', 'test/faults/kills',
  'test/journeys/answers', 'test/faults/reload', 'test/oracle/oracle', 'subgraphs/collections/about-transfer', 'subgraphs/search/about-search', 'platform/outbox/listen', 'platform/jobs/worker-stops',
  'subgraphs/billing/storage-days', 'subgraphs/collections/plan-limits', 'subgraphs/ai/recalling', 'test/journeys/trial-to-invoice', 'subgraphs/ai/budgets', 'subgraphs/billing/meter-killed',
  'subgraphs/collections/infrastructure/transfer/round-trip', 'test/faults/restart', 'subgraphs/ai/enrichment', 'subgraphs/ai/models', 'subgraphs/collections/about-files', 'gateway/streams/revocation',
  'platform/bus/postgres-log', 'subgraphs/ai/obeying', 'subgraphs/billing/stripe', 'subgraphs/billing/subscriptions', 'platform/embedded/postgres-processes', 'test/journeys/abuse', 'subgraphs/collections/about-items',
  'gateway/ready', 'test/events', 'test/faults/stalled', 'gateway/policy/edge', 'subgraphs/ai/conversations', 'gateway/http', 'test/faults/subgraph-down', 'test/journeys/apollo', 'subgraphs/ai/resuming',
  'test/journeys/billing', 'test/journeys/answers-paid', 'subgraphs/ai/approvals', 'subgraphs/collections/about-collections', 'test/parts', 'test/journeys/search', 'test/journeys/payments-killed',
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
