/**
 * Questions to an engine elsewhere, on the way of somebody who waits: each has an end to its time, and after some that
 * failed in a row nothing is asked for a moment. What goes wrong is one error, so that whoever asked goes on without.
 */
import { circuitBreaker, ConsecutiveBreaker, handleAll, timeout, TimeoutStrategy, wrap } from 'cockatiel';
import { AtlasError } from '../../../platform/errors.ts';
import type { Embeddings, VectorIndex } from '../domain/ports.ts';

/** A service has to answer in less, and has to ask somebody else after that. */
const QUESTION_MS = 1_200;
const FAILURES_MAX = 3;
const LEFT_ALONE_MS = 1_000;

export type Bounded = <T>(ask: () => Promise<T>) => Promise<T>;

export function boundedQuestions(questionMs = QUESTION_MS): Bounded {
  const policy = wrap(circuitBreaker(handleAll, { halfOpenAfter: LEFT_ALONE_MS, breaker: new ConsecutiveBreaker(FAILURES_MAX) }), timeout(questionMs, TimeoutStrategy.Aggressive));
  return (ask) => policy.execute(ask).catch((cause: unknown) => { throw cause instanceof AtlasError ? cause : new AtlasError('SEARCH_UNAVAILABLE', undefined, { cause }); });
}

export function boundedVectors(index: VectorIndex, bounded = boundedQuestions()): VectorIndex {
  return { name: index.name, apply: index.apply, forget: index.forget, nearest: (asked) => bounded(() => index.nearest(asked)) };
}

/** Documents have time. */
export function boundedEmbeddings(embeddings: Embeddings, bounded = boundedQuestions()): Embeddings {
  return { ...embeddings, embed: (texts, as, tenantId) => (as === 'query' ? bounded(() => embeddings.embed(texts, as, tenantId)) : embeddings.embed(texts, as, tenantId)) };
}
