import { describe, expect, it } from '@jest/globals';
import { newId } from '../../../platform/ids.ts';
import type { Attempt, Run } from '../../../platform/jobs/jobs.ts';
import { userViewer } from '../../../platform/viewer.ts';
import { inPieces, zipOf } from '../../../test/kit/files.ts';
import { JsonlRows } from '../infrastructure/transfer/jsonl-rows.ts';
import { MarkdownRows } from '../infrastructure/transfer/markdown-rows.ts';
import { runImport } from './run-import.ts';

const [tenantId, collectionId, userId] = [newId('tnt'), newId('col'), newId('usr')];
const FILES = {
  MARKDOWN_ZIP: zipOf(Array.from({ length: 2_000 }, (_, n) => ({ name: `${n}.md`, data: `# Page ${n}` }))),
  JSONL: Buffer.from(Array.from({ length: 2_000 }, (_, n) => `{"title":"Page ${String(n).padStart(4, '0')}"}\n`).join('')),
};

/** How far an import says that it is, in whatever way. */
async function progressOf(format: keyof typeof FILES, policy: 'REJECT_ALL' | 'REJECT_ROWS'): Promise<number[]> {
  const told: number[] = [];
  const ports = {
    collections: { byIds: async () => [{ id: collectionId, tellImported: () => undefined }] }, shares: { own: async () => [] }, items: { addAll: async () => undefined }, witness: () => undefined,
    room: { standing: async () => ({ limits: { collections: null, items: null, storageBytes: null }, items: 0, bytes: 0 }) },
    jobs: { checkpoint: async (_: unknown, { progress }: { progress?: number }) => { if (progress !== undefined) told.push(progress); } },
  };
  const over = async (_: unknown, body: (given: typeof ports) => Promise<unknown>) => body(ports);
  const handler = runImport({
    work: over as never, look: over as never, readers: { JSONL: new JsonlRows(), MARKDOWN_ZIP: new MarkdownRows() } as never,
    files: { size: async () => FILES[format].length, read: async () => inPieces(FILES[format]) } as never,
    starters: { today: async () => userViewer({ userId, sessionId: null, tenantId, role: 'OWNER' }) },
  });
  const run: Run = { signal: new AbortController().signal, progress: (part) => void told.push(part) };
  const input = { collectionId, format, policy, file: `${tenantId}/uploads/x`, bytes: FILES[format].length };
  await handler.handle({ id: newId('job'), input, checkpoint: null, startedBy: { kind: 'user', id: userId, userId }, scope: { kind: 'system', id: 'system:collections', userId: null, tenantId } } as unknown as Attempt, run);
  return told;
}

describe('how far an import is', () => {
  it.each(['MARKDOWN_ZIP', 'JSONL'] as const)('is told with every batch of %s', async (format) => {
    expect(await progressOf(format, 'REJECT_ROWS')).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it.each(['MARKDOWN_ZIP', 'JSONL'] as const)('is half of it when all of %s has been looked through', async (format) => {
    expect(await progressOf(format, 'REJECT_ALL')).toEqual([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
  });
});
