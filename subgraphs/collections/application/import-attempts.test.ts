/** What an import does where its file, its store or its database gives it little to go by. */
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { AtlasError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { Attempt, Job, Jobs } from '../../../platform/jobs/jobs.ts';
import { userViewer } from '../../../platform/viewer.ts';
import type { Bytes, ReadRow } from '../domain/transfer.ts';
import { importItems } from './import-items.ts';
import type { JobPorts } from './job-ports.ts';
import { runImport } from './run-import.ts';
import { importItemsJob, type ImportPolicy } from './transfer-jobs.ts';
import { refuseTooManyWaiting } from './waiting-jobs.ts';

const tenantId = newId('tnt');
const viewer = userViewer({ userId: newId('usr'), sessionId: null, tenantId, role: 'MEMBER' });
const look = (async () => undefined) as never;

/** One attempt at an import of this source, and what it has written down until its end. */
async function attempted(given: { source: Bytes; rows: (source: Bytes) => AsyncIterable<ReadRow>; policy: ImportPolicy; signal?: AbortSignal }) {
  const states: unknown[] = [];
  const handler = runImport({
    look, starters: { today: async () => viewer }, readers: { JSONL: { read: given.rows } } as never,
    work: (async (_: unknown, body: (ports: unknown) => unknown) => body({ jobs: { checkpoint: async (state: unknown) => void states.push(state) } })) as never,
    files: { size: async () => 1, read: async () => given.source, write: async () => ({ bytes: 1 }) } as never,
  });
  const attempt = { id: newId('job'), input: { collectionId: newId('col'), format: 'JSONL', policy: given.policy, file: `${tenantId}/a`, bytes: 1_000_000 }, attempt: 1, fence: 1, checkpoint: null, startedBy: viewer, scope: { tenantId } };
  const ended = await handler.handle(attempt as unknown as Attempt, { signal: given.signal ?? new AbortController().signal, progress: () => undefined }).then((result) => ({ result }), (error: unknown) => ({ error }));
  return { ended, states };
}

describe('an import', () => {
  it('of a file in which there is no row is cancelled while it is read', async () => {
    const stop = new AbortController();
    let parts = 0;
    async function* blank() {
      for (; parts < 1_000; parts += 1) {
        if (parts === 10) stop.abort(new AtlasError('CANCELLED'));
        yield Buffer.from('\n\n');
      }
    }
    async function* rows(source: Bytes): AsyncGenerator<ReadRow> {
      for await (const part of source) if (part.length > 2) yield { line: 1, at: 1, skipped: 'never' };
    }
    const { ended } = await attempted({ source: blank(), rows, policy: 'REJECT_ROWS', signal: stop.signal });
    expect(ended).toMatchObject({ error: { code: 'CANCELLED' } });
    expect(parts).toBe(10);
  });

  it('that only looks writes down how far it is, so that whoever goes on does not begin anew', async () => {
    async function* rows(): AsyncGenerator<ReadRow> { for (let line = 1; line <= 5_001; line += 1) yield { line, at: line, refused: { code: 'INVALID_INPUT', message: 'No.' } }; }
    const { ended, states } = await attempted({ source: Readable.from([]), rows, policy: 'REJECT_ALL' });
    expect(ended).toMatchObject({ result: { outcome: 'REJECTED', refused: 5_001 } });
    expect(states[0]).toEqual({ step: 'look', after: 5_000, counts: { rows: 5_000, imported: 0, refused: 5_000, skipped: 0 } });
  });
});

describe('what came with a request', () => {
  const asked = async (error: Error) => {
    const removed: string[] = [];
    const files = { write: async () => ({ bytes: 1 }), remove: async (key: string) => void removed.push(key) } as never;
    await expect(importItems({ look, files, work: (async () => { throw error; }) as never })(viewer, { collectionId: newId('col'), format: 'JSONL', policy: 'REJECT_ROWS', content: '{}' })).rejects.toBe(error);
    return removed.length;
  };
  it('is kept when nobody knows whether the job is there, and removed when it is refused', async () => {
    expect(await asked(new Error('Connection terminated while COMMIT was under way'))).toBe(0);
    expect(await asked(new AtlasError('LIMIT_REACHED'))).toBe(1);
  });
});

describe('jobs that wait', () => {
  it('are so many of one person, and more of all together', async () => {
    const waiting = (mine: number, others: number) => ({ jobs: { page: async ({ first, startedBy }: Parameters<Jobs['page']>[0]) => new Array<Job>(Math.min(first, startedBy === viewer.id ? mine : mine + others)) } }) as unknown as JobPorts;
    const one = (mine: number, others: number) => refuseTooManyWaiting(viewer, importItemsJob, 'imports', waiting(mine, others));
    await one(19, 80);
    await expect(one(20, 0)).rejects.toMatchObject({ code: 'LIMIT_REACHED', message: 'At most 20 imports of yours that wait.' });
    await expect(one(0, 100)).rejects.toMatchObject({ code: 'LIMIT_REACHED', message: 'At most 100 imports of a tenant that wait.' });
  });
});
