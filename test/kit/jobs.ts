/** Jobs for a test: started and waited for the way clients do, through the graph. */
import { eventually } from './eventually.ts';
import type { Kit } from './services.ts';
import { dataOf, done, type Person } from './tenants.ts';

export const IMPORT = 'mutation($input: ImportItemsInput!) { importItems(input: $input) { job { id kind state startedBy { id } } userErrors { code message path } } }';
export const EXPORT = 'mutation($input: ExportCollectionInput!) { exportCollection(input: $input) { job { id kind state } userErrors { code message path } } }';
export const JOB = 'query($id: ID!) { job(id: $id) { id kind state progress note attempts isCancelling error { code message } createdAt startedAt finishedAt startedBy { id } result } }';

/** As it ended. */
export const ended = (kit: Pick<Kit, 'ask'>, { viewer }: Pick<Person, 'viewer'>, id: string): Promise<any> => eventually(`the end of ${id}`, async () => {
  const { job } = dataOf(await kit.ask('collections', JOB, { id }, viewer));
  if (!job) throw new Error(`${id} is not to be seen.`);
  return job.finishedAt ? job : null;
}, 120_000);

export async function imported(kit: Kit, by: Person, input: Record<string, unknown>): Promise<any> {
  const { job } = done(await kit.ask('collections', IMPORT, { input: { format: 'JSONL', policy: 'REJECT_ROWS', ...input } }, by.viewer));
  return ended(kit, by, job.id);
}
export async function exported(kit: Kit, by: Person, input: Record<string, unknown>): Promise<any> {
  const { job } = done(await kit.ask('collections', EXPORT, { input: { format: 'JSONL', ...input } }, by.viewer));
  return ended(kit, by, job.id);
}
