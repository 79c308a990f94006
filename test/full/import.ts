/**
 * A large file through importItems into the database, by a process that does nothing else: how many rows a second, and how
 * much memory at most. `npm run test:full import [rows]`
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { embeddedPostgres } from '../../platform/embedded/postgres.ts';
import { newCollection } from '../kit/collections.ts';
import { IMPORT, JOB } from '../kit/jobs.ts';
import { startApart } from '../kit/jobs-process.ts';
import { dataOf, done, newTenant } from '../kit/tenants.ts';

const ROWS = 1_000_000;
const ROWS_A_CHUNK = 1_000;
/** Half of what the file has, and a process that does nothing takes some 80 of it: whoever held rows would die of it. What is resident is more, because garbage waits. */
const HEAP_MB_MAX = 200;
const MEMORY_MB_MAX = 450;
const LOOK_EVERY_MS = 1_000;
const SAY_EVERY_MS = 15_000;

const UPLOAD = 'mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } userErrors { code message } } }';
const COUNT = 'query($id: ID!) { collection(id: $id) { itemCount } }';

const rowOf = (n: number): string => `${JSON.stringify({ title: `Note ${n}`, body: `# Note ${n}\n\n${`It says ${(n * 31) % 997} times what notes say. `.repeat(8)}`, url: `https://notes.example/${n}`, tags: ['note', `t${n % 10}`], metadata: { n, folder: `f${n % 7}` } })}\n`;
function* chunksOf(rows: number): Generator<Buffer> {
  for (let from = 0; from < rows; from += ROWS_A_CHUNK) yield Buffer.from(Array.from({ length: Math.min(ROWS_A_CHUNK, rows - from) }, (_, n) => rowOf(from + n)).join(''));
}

export async function run([wanted = String(ROWS)]: readonly string[]): Promise<void> {
  const rows = Number(wanted);
  const data = mkdtempSync(join(tmpdir(), 'atlas-import-'));
  const postgres = await embeddedPostgres({ folder: join(data, 'postgres') });
  Object.assign(process.env, { ATLAS_TEST_URL: postgres.url, ATLAS_TEST_OWNER_URL: postgres.ownerUrl });
  const apart = await startApart({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MB_MAX}` });
  try {
    await through(apart, rows);
  } finally {
    await apart.stop();
    await postgres.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function through({ kit, spawnJobs }: Awaited<ReturnType<typeof startApart>>, rows: number): Promise<void> {
  const { id: tenantId, owner } = await newTenant(kit);
  const collectionId = await newCollection(kit, owner);
  const ask = (document: string, variables: Record<string, unknown>) => kit.ask('collections', document, variables, owner.viewer);
  let bytes = 0;
  for (const chunk of chunksOf(rows)) bytes += chunk.length;
  const { upload } = done(await ask(UPLOAD, { input: { purpose: 'IMPORT', name: 'notes.jsonl', type: 'application/x-ndjson', bytes } }));
  // As a client would send it, without the gateway.
  await kit.atlas.host.resourcesFor('collections').objects.write(`${tenantId}/uploads/${upload.id}`, Readable.from(chunksOf(rows), { objectMode: false }), { type: 'application/x-ndjson' });

  const worker = await spawnJobs();
  const began = mbOf(worker.pid!, 'VmRSS');
  const { job } = done(await ask(IMPORT, { input: { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', uploadId: upload.id } }));
  let said = Date.now();
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
    const now = dataOf(await ask(JOB, { id: job.id })).job as { state: string; progress: number; note: string; startedAt: string; finishedAt: string | null; error: unknown; result: { imported: number } };
    if (now.finishedAt === null) {
      if (Date.now() - said > SAY_EVERY_MS) process.stdout.write(`  ${Math.round(now.progress * 100)} %, ${now.note}, ${mbOf(worker.pid!, 'VmRSS')} MB\n`);
      if (Date.now() - said > SAY_EVERY_MS) said = Date.now();
      continue;
    }
    const seconds = (Date.parse(now.finishedAt) - Date.parse(now.startedAt)) / 1_000;
    const peak = mbOf(worker.pid!, 'VmHWM');
    process.stdout.write(`import ${rows} rows, ${Math.round(bytes / 1_048_576)} MB: ${Math.round(rows / seconds)} rows/s, at most ${peak} MB resident (${began} before)\n`);
    const { itemCount } = dataOf(await ask(COUNT, { id: collectionId })).collection;
    if (now.state !== 'SUCCEEDED' || now.result.imported !== rows || itemCount !== rows) throw new Error(`Of ${rows} rows ${itemCount} are there: ${JSON.stringify(now)}`);
    if (peak > MEMORY_MB_MAX) throw new Error(`It took more than ${MEMORY_MB_MAX} MB.`);
    return;
  }
}

const mbOf = (pid: number, what: 'VmRSS' | 'VmHWM'): number => Math.round(Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024);
