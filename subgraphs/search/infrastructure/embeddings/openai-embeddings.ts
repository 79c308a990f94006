/**
 * Embeddings from any server that speaks OpenAI's `POST /embeddings`: its own, a gateway, or one on the same machine.
 * Batches are bounded, each call has an end to its time, and what may pass is put again; a server that asks for patience gets it.
 */
import { handleWhen, retry, type IRetryBackoffContext } from 'cockatiel';
import pLimit from 'p-limit';
import { fetch } from 'undici';
import { z } from 'zod';
import { AtlasError } from '../../../../platform/errors.ts';
import type { Embeddings } from '../../domain/ports.ts';
import { unit } from './latent-space.ts';

export interface EmbeddingsServer {
  /** Such as `https://api.openai.com/v1`. */
  url: string;
  key?: string | undefined;
  model: string;
  /** Asked for, where the model can shorten its vectors; a vector of any other length is refused then. */
  dimensions?: number | undefined;
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** OpenAI takes 2 048 texts of 300 000 tokens in all; smaller batches are sooner back, and less is sent again. */
const BATCH_TEXTS = 64;
const BATCH_CHARACTERS = 200_000;
const CALLS_AT_ONCE = 4;
const TRIES_AGAIN = 4;
const FIRST_WAIT_MS = 250;
const LAST_WAIT_MS = 8_000;
/** One that asks for more patience is as good as down. */
const PATIENCE_MS = 30_000;
const ANSWER_BYTES_MAX = 64 * 1_024 * 1_024;
const AGAIN = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);

const answerForm = z.object({ data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })) });

/** What a server did instead of an answer. Its own words stay in the log: they may quote what it was sent. */
class NoVectors extends Error {
  constructor(message: string, readonly again: boolean, readonly afterMs?: number, cause?: unknown) { super(message, { cause }); }
}

export function openAiEmbeddings(server: EmbeddingsServer): Embeddings {
  const limit = pLimit(CALLS_AT_ONCE);
  const again = retry(handleWhen((error) => error instanceof NoVectors && error.again), { maxAttempts: TRIES_AGAIN, backoff: { next: waitAfter } });
  let dimensions = server.dimensions;
  const embed = (texts: readonly string[]) => limit(() => again.execute(() => ask(server, texts)))
    .then((vectors) => {
      dimensions ??= vectors[0]?.length;
      // A server behind one address may change its model: vectors of two lengths, or of two models, say nothing of each other.
      if (vectors.some(({ length }) => length !== dimensions)) throw new NoVectors(`A vector has not the ${dimensions} dimensions of the others.`, false);
      return vectors.map(unit);
    });
  return {
    isLearned: false,
    weight: async () => 1,
    name: `${server.model}${server.dimensions ? `-${server.dimensions}` : ''}`,
    async embed(said) {
      try {
        return (await Promise.all(batchesOf(said.map((pieces) => pieces.map(({ text }) => text).join(' '))).map(embed))).flat();
      } catch (cause) {
        throw new AtlasError('SEARCH_UNAVAILABLE', undefined, { cause });
      }
    },
  };
}

/** An empty text is refused by some servers: a blank has as little meaning. */
function batchesOf(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let characters = Infinity;
  for (const text of texts) {
    if (characters + text.length > BATCH_CHARACTERS || batches.at(-1)!.length >= BATCH_TEXTS) {
      batches.push([]);
      characters = 0;
    }
    batches.at(-1)!.push(text.trim() === '' ? ' ' : text);
    characters += text.length;
  }
  return batches;
}

async function ask({ url, key, model, dimensions, timeoutMs = TIMEOUT_MS }: EmbeddingsServer, input: readonly string[]): Promise<Float32Array[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  try {
    const answer = await fetch(`${url.replace(/\/+$/, '')}/embeddings`, {
      method: 'POST', headers, signal, redirect: 'error', body: JSON.stringify({ model, input, encoding_format: 'float', ...(dimensions && { dimensions }) }),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new NoVectors(`Answered with status ${answer.status}.`, AGAIN.has(answer.status), afterMsOf(answer.headers));
    }
    return vectorsIn(await textOf(answer.body), input.length);
  } catch (error) {
    if (error instanceof NoVectors) throw error;
    throw new NoVectors(signal.aborted ? `Did not answer within ${timeoutMs} ms.` : 'Could not be reached, or hung up.', true, undefined, error);
  }
}

async function textOf(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new NoVectors('The answer is longer than any vectors.', false);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** In the order of the texts, whatever order they came in. */
function vectorsIn(text: string, count: number): Float32Array[] {
  const read = answerForm.safeParse(parsed(text));
  if (!read.success) throw new NoVectors('The answer is not one of vectors.', false, undefined, read.error);
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const { index, embedding } of read.data.data) if (index < count) vectors[index] = Float32Array.from(embedding);
  const whole = vectors.filter((vector) => vector !== undefined);
  if (whole.length < count || read.data.data.length !== count) throw new NoVectors(`Of ${count} texts ${whole.length} have a vector.`, false);
  return whole;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or a date (RFC 9110); OpenAI says milliseconds in a header of its own too. */
function afterMsOf(headers: { get(name: string): string | null }): number | undefined {
  const ms = Number(headers.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(ms)) return ms;
  const said = headers.get('retry-after');
  if (said === null) return undefined;
  const after = /^\d+(\.\d+)?$/.test(said.trim()) ? Number(said) * 1_000 : Date.parse(said) - Date.now();
  return Number.isFinite(after) ? Math.max(0, after) : undefined;
}

/** As long as was asked for, else longer each time; never all at the same moment. */
const waitAfter = (context?: IRetryBackoffContext<unknown>) => {
  const attempt = context?.attempt ?? 1;
  const error = context && 'error' in context.result ? context.result.error : undefined;
  const asked = error instanceof NoVectors ? error.afterMs : undefined;
  if (asked !== undefined && asked > PATIENCE_MS) throw error as Error;
  const longest = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  const duration = asked !== undefined ? asked + Math.random() * FIRST_WAIT_MS : longest / 2 + (Math.random() * longest) / 2;
  return { duration, next: waitAfter };
};
