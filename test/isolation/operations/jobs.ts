/** What takes longer than a request: bringing items in and giving them out, and the jobs that do it. */
import { overHttp } from '../asking.ts';
import type { JobState } from '../canaries.ts';
import { settle } from '../jobs.ts';
import { idOf, partAtLeast, partIn, passes, seesJob, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { mutation, only, someCollection, unseen, type Operation } from './choose.ts';
import { owns, someUpload, usable } from './files.ts';
import { fileOf, unreadable, type MadeFile } from './rows.ts';
import { JOB } from './selections.ts';

const KINDS = ['collections.import-items', 'collections.export-collection'] as const;
const CANCEL = mutation('cancelJob', `job { ${JOB} }`);

export function someJob(world: World, by: Principal): JobState | null {
  const own = world.jobs.filter((job) => tenantOf(job.by) === tenantOf(by)).slice(-30);
  const their = own.filter((job) => idOf(job.by) === idOf(by));
  const list = world.chance(0.4) && their.length > 0 ? their : own.length > 0 && world.chance(0.7) ? own : world.jobs.slice(-100);
  return list.length > 0 ? world.pick(list) : null;
}
const may = (by: Principal, job: JobState): boolean => only(by, passes(by, 'GUEST', 'collections:read') && seesJob(by, job));
const queued = (world: World, given: Omit<JobState, 'state' | 'code' | 'file' | 'held' | 'itemsBefore'>): JobState => ({ ...given, itemsBefore: world.items.length, state: 'QUEUED', code: null, file: null, held: false });

/** Begun; waited for, and cancelled in between now and then. */
async function begun(world: World, job: JobState): Promise<void> {
  world.jobs.push(job);
  const cancelled = world.chance(0.15);
  if (cancelled) await overHttp(world)(job.by, { document: CANCEL, variables: { input: { id: job.id } } });
  await settle(world, job, cancelled);
}

export const jobOperations: readonly Operation[] = [
  {
    field: 'Mutation.importItems', weight: 4,
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      const upload = world.chance(0.3) ? someUpload(world, by, 'IMPORT') : null;
      const format = upload ? (upload.name && upload.rows && upload.content.subarray(0, 2).toString() === 'PK' ? 'MARKDOWN_ZIP' : 'JSONL') : world.pick(['JSONL', 'CSV'] as const);
      const made: MadeFile | null = upload ? null : world.chance(0.2) ? unreadable(world) : fileOf(world, format);
      const part = partIn(by, collection);
      return {
        document: mutation('importItems', `job { ${JOB} }`),
        variables: { input: { collectionId: collection.id, format: made?.type === 'text/csv' ? 'CSV' : format, policy: 'REJECT_ROWS', ...(upload ? { uploadId: upload.id } : { content: made!.content }) } },
        expects: only(by, passes(by, 'GUEST', 'items:write') && partAtLeast(part, 'EDITOR') && (!upload || usable(by, upload, 'IMPORT'))),
        ...(part === null ? unseen(false, collection.id) : upload && !owns(by, upload) ? unseen(false, upload.id) : {}),
        async effect({ job: { id } }) {
          if (upload) upload.used = true;
          await begun(world, queued(world, { id, kind: 'collections.import-items', by, collection, rows: upload ? upload.rows : made!.rows }));
        },
      };
    },
  },
  {
    field: 'Mutation.exportCollection', weight: 4,
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      const sees = only(by, passes(by, 'GUEST', 'collections:read') && partIn(by, collection) !== null);
      return {
        document: mutation('exportCollection', `job { ${JOB} }`), variables: { input: { collectionId: collection.id, format: world.pick(['JSONL', 'CSV', 'MARKDOWN_ZIP']) } },
        expects: sees, ...unseen(partIn(by, collection) !== null, collection.id),
        async effect({ job: { id } }) { await begun(world, queued(world, { id, kind: 'collections.export-collection', by, collection, rows: null })); },
      };
    },
  },
  {
    field: 'Query.job', weight: 6,
    make(world, by) {
      const job = someJob(world, by);
      return job && { document: `query($id: ID!) { job(id: $id) { ${JOB} } }`, variables: { id: job.id }, expects: may(by, job), ...unseen(may(by, job), job.id) };
    },
  },
  {
    field: 'Query.jobs', weight: 5,
    // Of the kinds that this model knows, exactly those that are theirs; of all, nothing that is not.
    make(world, by) {
      const stolen = world.chance(0.2) && world.cursors.length > 0 ? world.pick(world.cursors) : null;
      const kinds = world.chance(0.7) ? KINDS : null;
      const first = 1 + Math.floor(world.random() * 20);
      return {
        document: `query($first: Int, $after: String, $filter: JobFilter) { jobs(first: $first, after: $after, filter: $filter) { pageInfo { hasNextPage endCursor } edges { cursor node { ${JOB} } } } }`,
        variables: { first, after: stolen, filter: kinds && { kinds } }, ...(!only(by, passes(by, 'GUEST', 'collections:read')) && { expects: false }),
        effect({ edges }) {
          const shown = (edges as { node: { id: string } }[]).map(({ node }) => node.id);
          const wrong = world.jobs.filter((job) => shown.includes(job.id) && !seesJob(by, job));
          if (wrong.length > 0) throw new Error(`lists ${wrong.map(({ id }) => id).join(', ')}`);
          const theirs = world.jobs.filter((job) => seesJob(by, job)).map(({ id }) => id).sort().reverse().slice(0, first);
          if (kinds && !stolen && theirs.join() !== shown.join()) throw new Error(`lists ${shown.join()} and should ${theirs.join()}`);
        },
      };
    },
  },
  {
    field: 'Mutation.cancelJob', weight: 1.5,
    make(world, by) {
      const waiting = world.jobs.filter(({ held }) => held);
      const job = world.chance(0.2) && waiting.length > 0 ? world.pick(waiting) : someJob(world, by);
      return job && {
        document: CANCEL, variables: { input: { id: job.id } },
        expects: may(by, job) && (job.state === 'QUEUED' || job.code === 'CANCELLED'), ...unseen(may(by, job), job.id),
        effect() { Object.assign(job, { state: 'FAILED', code: 'CANCELLED', held: false }); },
      };
    },
  },
  {
    field: 'Mutation.retryJob', weight: 3,
    // It goes on in the name of whoever asked for it, with what they may do by now.
    make(world, by) {
      const failed = world.jobs.filter(({ state, by: starter }) => state === 'FAILED' && tenantOf(starter) === tenantOf(by)).slice(-20);
      const job = world.chance(0.7) && failed.length > 0 ? world.pick(failed) : someJob(world, by);
      return job && {
        document: mutation('retryJob', `job { ${JOB} }`), variables: { input: { id: job.id } }, expects: may(by, job) && job.state === 'FAILED', ...unseen(may(by, job), job.id),
        async effect() { await settle(world, job); },
      };
    },
  },
  {
    field: 'Subscription.jobProgress', weight: 2,
    // Of one that has ended it tells how it ended. Those that go on are followed all the while.
    make(world, by) {
      const job = someJob(world, by);
      return job && !job.held ? { document: `subscription($id: ID!) { jobProgress(id: $id) { ${JOB} } }`, variables: { id: job.id }, follows: true, expects: may(by, job), ...unseen(may(by, job), job.id) } : null;
    },
  },
];
