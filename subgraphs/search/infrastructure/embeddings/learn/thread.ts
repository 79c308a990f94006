/** Runs in a thread of its own: a space of twenty thousand documents takes many seconds of arithmetic. */
import { LatentSpace, type KeptSpace } from '../latent-space.ts';
import type { Counted } from '../term-counts.ts';
import { turnedLike, weighted } from './align.ts';
import { strongestDirections } from './subspace.ts';
import { matrixOf } from './term-matrix.ts';

export interface ToLearn { counted: Counted; termsMost: number; dimensions: number; documents: number; before?: KeptSpace | undefined }

const SEED = 1;
/** In as many directions as there are documents, each word would lie alone again: few documents differ in few ways. */
const DOCUMENTS_PER_DIRECTION = 4;

export function learn({ counted, termsMost, dimensions, documents, before }: ToLearn): KeptSpace {
  const matrix = matrixOf(counted, termsMost);
  const rank = Math.min(dimensions, Math.ceil(counted.documents / DOCUMENTS_PER_DIRECTION));
  const now = weighted(matrix, dimensions, strongestDirections(matrix, rank, SEED));
  const old = before && before.dimensions === dimensions ? LatentSpace.from(before).all() : undefined;
  return LatentSpace.keep({ ...now, documents, places: old && old.terms.length > 0 ? turnedLike(old, now) : now.places });
}
