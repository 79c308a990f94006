/**
 * A space that is learned anew would lie turned against the one before: no vector that was made in the old one could be
 * compared with one of the new. So the new one is turned to where the words of both lie as near as they can to where they
 * lay (orthogonal Procrustes), and documents are placed anew one after the other while everybody goes on asking.
 */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { crossed, turned } from './dense.ts';
import type { TermMatrix } from './term-matrix.ts';

/** A place of each term in `wide` directions, row-major. */
export interface Places { terms: readonly string[]; wide: number; places: Float32Array }

export function turnedLike(before: Places, now: Places): Float32Array {
  const { wide } = now;
  const { here, there } = shared(before, now);
  const products = crossed(here, there, { wide, half: false });
  const rows = Array.from({ length: wide }, (_, row) => products.subarray(row * wide, (row + 1) * wide));
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(new Matrix(rows), { autoTranspose: true });
  return turned(now.places, Float64Array.from(leftSingularVectors.mmul(rightSingularVectors.transpose()).to1DArray()), { wide, kept: wide });
}

/** The places of the terms that both have, in one order. */
function shared(before: Places, { terms, wide, places }: Places): { here: Float32Array; there: Float32Array } {
  const at = new Map(before.terms.map((term, row) => [term, row]));
  const both = terms.flatMap((term, row) => (at.has(term) ? [[row, at.get(term)!] as const] : []));
  const [here, there] = [new Float32Array(both.length * wide), new Float32Array(both.length * wide)];
  for (const [to, [row, old]] of both.entries()) {
    here.set(places.subarray(row * wide, (row + 1) * wide), to * wide);
    there.set(before.places.subarray(old * wide, (old + 1) * wide), to * wide);
  }
  return { here, there };
}

/** With rarity in it: a word counts in the turn as much as it does in a document. */
export function weighted(matrix: Pick<TermMatrix, 'terms' | 'rarity'>, wide: number, directions: { rank: number; places: Float32Array }): Places {
  const places = new Float32Array(matrix.terms.length * wide);
  for (let row = 0; row < matrix.terms.length; row += 1) {
    for (let each = 0; each < directions.rank; each += 1) places[row * wide + each] = directions.places[row * directions.rank + each]! * matrix.rarity[row]!;
  }
  return { terms: matrix.terms, wide, places };
}
