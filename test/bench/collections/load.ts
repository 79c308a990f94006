/**
 * The clients, as a process of their own: each connection asks for one thing after the other of a list, begins somewhere else in it,
 * and sends the next question as soon as it has the answer. An answer is compared with the one that was seen to be right.
 */
import { Client } from 'undici';
import { fresh } from './questions.ts';

export interface Load { url: string; headers: Record<string, string>; bodies: string[]; /** The answers, in the order of the bodies; null: each makes something, and has to say so. */ rights: string[] | null; connections: number; ms: number }
export interface Loaded { answers: number; wrong: number; firstWrong?: string; ms: number; p50Ms: number; p95Ms: number }

const MADE = /^\{"data":\{(?:"createItem":)?.*"Found out"/;

/** Without what is said about the answer: what it cost, and how much is left. */
const said = (text: string): string => { const at = text.indexOf(',"extensions":'); return at < 0 ? text : text.slice(0, at); };

async function client({ url, headers, bodies, rights, connections }: Load, at: number, until: number, seen: { latencies: number[]; wrong: string[] }): Promise<void> {
  const { origin, pathname } = new URL(url);
  const connection = new Client(origin, { pipelining: 1, bodyTimeout: 60_000, headersTimeout: 60_000 });
  for (let n = Math.floor((at * bodies.length) / connections); performance.now() < until; n = (n + 1) % bodies.length) {
    const body = rights ? bodies[n]! : fresh(bodies[n]!);
    const since = performance.now();
    const answer = await connection.request({ method: 'POST', path: pathname, headers: { 'content-type': 'application/json', accept: 'application/json', ...headers }, body });
    const text = await answer.body.text();
    seen.latencies.push(performance.now() - since);
    const isRight = rights ? said(text) === said(rights[n]!) : MADE.test(text) && !text.includes('"errors"');
    if (answer.statusCode !== 200 || !isRight) seen.wrong.push(`${answer.statusCode} ${text.slice(0, 300)}`);
  }
  await connection.close();
}

async function load(given: Load): Promise<Loaded> {
  const seen = { latencies: [] as number[], wrong: [] as string[] };
  const since = performance.now();
  await Promise.all(Array.from({ length: given.connections }, (_, at) => client(given, at, since + given.ms, seen)));
  const ms = performance.now() - since;
  const sorted = seen.latencies.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { answers: sorted.length, wrong: seen.wrong.length, ...(seen.wrong[0] !== undefined && { firstWrong: seen.wrong[0] }), ms, p50Ms: quantile(0.5), p95Ms: quantile(0.95) };
}

process.on('message', (message) => {
  if (message === 'cpu') return;
  load(message as Load).then((answer) => process.send!(answer), (error: unknown) => process.send!({ answers: 0, wrong: 1, firstWrong: String(error), ms: 1, p50Ms: 0, p95Ms: 0 } satisfies Loaded));
});
process.send!('ready');
