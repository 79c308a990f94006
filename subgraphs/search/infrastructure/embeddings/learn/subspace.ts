/**
 * The directions in which the documents of a matrix differ most: its first right singular vectors, by subspace iteration
 * (Halko, Martinsson and Tropp, 2011), which reads the matrix a few times and holds two dense blocks. The start is drawn
 * from a seed, so that equal documents make equal spaces.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { crossed, turned } from './dense.ts';
import { times, transposed, type Sparse } from './sparse.ts';
import type { TermMatrix } from './term-matrix.ts';

const PASSES = 5;
/** Directions beside those that are wanted: with them the last wanted ones come out right. */
const SPARE = 12;
/** What is weaker, beside the strongest, is rounding. */
const LEAST = 1e-6;

/** Row-major: the place of each term in `rank` directions, fewer where the matrix has fewer. */
export interface Directions { rank: number; places: Float32Array }

/** Documents by terms: what a direction is to the one it is to the other, so that all that is dense is done on the side that has fewer. */
export function strongestDirections(matrix: TermMatrix, rank: number, seed: number): Directions {
  const byTerm: Sparse = { ...matrix, columnCount: matrix.terms.length };
  const wide = Math.min(rank + SPARE, byTerm.columnCount, matrix.rows);
  if (wide === 0) return { rank: 0, places: new Float32Array(0) };
  const byDocument = transposed(byTerm);
  const isOfDocuments = matrix.rows < byTerm.columnCount;
  const [here, there] = isOfDocuments ? [byTerm, byDocument] : [byDocument, byTerm];
  const seen = (block: Float32Array): Float32Array => times(here, times(there, block, wide), wide);
  let block: Float32Array = drawn(here.rows * wide, seed);
  for (let pass = 0; pass < PASSES; pass += 1) block = orthonormal(seen(block), wide);
  // Once loses digits where columns are nearly alike; in between that does not matter, the passes go on.
  block = orthonormal(block, wide);
  const { by, strengths } = strongestOf(crossed(block, seen(block), { wide, half: true }), wide, rank);
  const kept = strengths.length;
  const places = turned(block, by, { wide, kept });
  return { rank: kept, places: isOfDocuments ? shrunk(times(there, places, kept), strengths) : places };
}

/** Each column by the root of how strong it is: of length 1. */
function shrunk(block: Float32Array, strengths: readonly number[]): Float32Array {
  const by = strengths.map((strength) => 1 / Math.sqrt(strength));
  for (let at = 0; at < block.length; at += by.length) for (let each = 0; each < by.length; each += 1) block[at + each]! *= by[each]!;
  return block;
}

/** Of a symmetric matrix, of which half is there: its eigenvectors as columns, the strongest first; none for directions in which nothing differs. */
function strongestOf(half: Float64Array, wide: number, most: number): { by: Float64Array; strengths: number[] } {
  const rows = Array.from({ length: wide }, (_, a) => Array.from({ length: wide }, (__, b) => half[Math.max(a, b) * wide + Math.min(a, b)]!));
  const found = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
  const order = [...found.realEigenvalues.keys()].sort((a, b) => found.realEigenvalues[b]! - found.realEigenvalues[a]!);
  const by = new Float64Array(wide * wide);
  order.forEach((from, to) => {
    for (let row = 0; row < wide; row += 1) by[row * wide + to] = found.eigenvectorMatrix.get(row, from);
  });
  const strongest = found.realEigenvalues[order[0]!]!;
  return { by, strengths: order.slice(0, most).map((each) => found.realEigenvalues[each]!).filter((strength) => strength > LEAST * strongest) };
}

/** mulberry32: small, well spread, the same on every machine. */
function drawn(length: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return new Float32Array(length).map(() => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

/** Through the Cholesky factor of the products of every two columns. */
function orthonormal(block: Float32Array, wide: number): Float32Array {
  return turned(block, inverseOf(choleskyOf(crossed(block, block, { wide, half: true }), wide), wide), { wide, kept: wide, upper: true });
}

function choleskyOf(matrix: Float64Array, wide: number): Float64Array {
  const factor = new Float64Array(wide * wide);
  for (let a = 0; a < wide; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      let rest = matrix[a * wide + b]!;
      for (let each = 0; each < b; each += 1) rest -= factor[a * wide + each]! * factor[b * wide + each]!;
      // A column that is a sum of others has nothing left: what rounding leaves of it must not be blown up.
      factor[a * wide + b] = a === b ? (rest > 1e-9 * matrix[a * wide + a]! ? Math.sqrt(rest) : Infinity) : rest / factor[b * wide + b]!;
    }
  }
  return factor;
}

/** Of a lower triangle, turned over. */
function inverseOf(factor: Float64Array, wide: number): Float64Array {
  const out = new Float64Array(wide * wide);
  for (let b = 0; b < wide; b += 1) {
    for (let a = b; a < wide; a += 1) {
      let rest = a === b ? 1 : 0;
      for (let each = b; each < a; each += 1) rest -= factor[a * wide + each]! * out[b * wide + each]!;
      out[b * wide + a] = rest / factor[a * wide + a]!;
    }
  }
  return out;
}
