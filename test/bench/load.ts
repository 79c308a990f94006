/**
 * The clients, as a process of their own: so many connections, each asking again as soon as it was answered, until the time is up;
 * then what is under way is waited for, so that a slow gateway is not charged for answers nobody counted. Every answer is
 * compared byte for byte with one that was seen to be right; one that differs is read and compared as data.
 */
import { isDeepStrictEqual } from 'node:util';
import { Client } from 'undici';

export interface Load { url: string; body: string; connections: number; ms: number; authorization: 'shared' | 'unique'; expected: string; right: string }
export interface Loaded { answers: number; wrong: number; firstWrong?: string; ms: number; p50Ms: number; p99Ms: number }

async function client(given: Load, at: number, until: number, seen: { latencies: number[]; wrong: string[] }): Promise<void> {
  const { origin, pathname } = new URL(given.url);
  const connection = new Client(origin, { pipelining: 1, bodyTimeout: 60_000, headersTimeout: 60_000 });
  const right = Buffer.from(given.right);
  const expected: unknown = JSON.parse(given.expected);
  const authorization = given.authorization === 'shared' ? 'Bearer shared' : `Bearer client-${at}`;
  while (performance.now() < until) {
    const since = performance.now();
    const { statusCode, body } = await connection.request({ method: 'POST', path: pathname, headers: { 'content-type': 'application/json', accept: 'application/json', authorization }, body: given.body });
    const text = Buffer.from(await body.arrayBuffer());
    seen.latencies.push(performance.now() - since);
    if (statusCode !== 200 || (!text.equals(right) && !isRight(text, expected))) seen.wrong.push(`${statusCode} ${text.toString().slice(0, 300)}`);
  }
  await connection.close();
}

function isRight(text: Buffer, expected: unknown): boolean {
  const { data, errors } = JSON.parse(text.toString()) as { data: unknown; errors?: unknown };
  return !errors && isDeepStrictEqual(data, expected);
}

async function load(given: Load): Promise<Loaded> {
  const seen = { latencies: [] as number[], wrong: [] as string[] };
  const since = performance.now();
  await Promise.all(Array.from({ length: given.connections }, (_, at) => client(given, at, since + given.ms, seen)));
  const ms = performance.now() - since;
  const sorted = seen.latencies.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { answers: sorted.length, wrong: seen.wrong.length, firstWrong: seen.wrong[0], ms, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

process.on('message', (message) => {
  if (message === 'cpu') return;
  load(message as Load).then((answer) => process.send!(answer), (error: unknown) => process.send!({ answers: 0, wrong: 1, firstWrong: String(error), ms: 1, p50Ms: 0, p99Ms: 0 } satisfies Loaded));
});
process.send!('ready');
