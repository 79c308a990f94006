/** The model that is there without a key: it picks sentences (domain/extracting.ts), and says them word by word like any other. */
import { setImmediate } from 'node:timers/promises';
import { said } from '../../domain/extracting.ts';
import type { Analyzer, Model, Prompt, Said } from '../../domain/models.ts';

export const LOCAL_MODEL = 'local';
const WORDS_A_TURN = 8;
const WORDS = /\S+\s*|\s+/g;

export function localModel(analyzer: Analyzer): Model {
  return {
    name: LOCAL_MODEL,
    quotes: true,
    price: { input: '0', output: '0', currency: 'USD' },
    say: (prompt, signal) => words(prompt, signal, analyzer),
  };
}

async function* words(prompt: Prompt, signal: AbortSignal, analyzer: Analyzer): AsyncIterable<Said> {
  signal.throwIfAborted();
  const whole = said(prompt, analyzer);
  const before = prompt.said ?? '';
  // The same passages give the same answer. Others do not, and then nothing of it goes on after what was said.
  const pieces = (whole.startsWith(before) ? whole.slice(before.length) : '').match(WORDS) ?? [];
  for (const [at, text] of pieces.entries()) {
    if (at % WORDS_A_TURN === 0) await setImmediate();
    signal.throwIfAborted();
    yield { kind: 'text', text };
  }
  yield { kind: 'end', usage: { inputTokens: countOf(prompt), outputTokens: pieces.length }, stopped: 'end' };
}

/** It reads words, not tokens of anybody's. */
const countOf = ({ system, turns, passages, question }: Prompt): number =>
  [system, question, ...turns.map(({ text }) => text), ...passages.map(({ text }) => text)].reduce((sum, text) => sum + (text.match(WORDS)?.length ?? 0), 0);
