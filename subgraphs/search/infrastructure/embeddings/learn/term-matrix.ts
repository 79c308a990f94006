/** Documents as rows of weighted terms: what a latent semantic space is made from. */
import { damped, type Counted } from '../term-counts.ts';

/** Row r holds the entries from `starts[r]` to `starts[r + 1]`: compressed sparse rows. */
export interface TermMatrix {
  rows: number;
  terms: readonly string[];
  /** How rare each term is. A projection multiplies by it again. */
  rarity: Float32Array;
  starts: Uint32Array;
  columns: Uint32Array;
  weights: Float32Array;
}

/** A word of one document alone relates it to nothing; one of every second document relates it to everything. */
const FEWEST_DOCUMENTS = 2;
const LARGEST_SHARE = 0.5;

/** Of very many words, those that most documents share: they say most about how words go together. */
export function matrixOf(counted: Counted, termsMost: number): TermMatrix {
  const kept = keptTerms(counted, termsMost);
  const column = new Int32Array(kept.all).fill(-1);
  kept.terms.forEach(({ id }, at) => { column[id] = at; });
  const entries = kept.terms.reduce((sum, { holders }) => sum + holders, 0);
  const matrix: TermMatrix = {
    rows: counted.documents,
    terms: kept.terms.map(({ term }) => term),
    rarity: Float32Array.from(kept.terms, ({ holders }) => Math.log(1 + counted.documents / holders)),
    starts: new Uint32Array(counted.documents + 1),
    columns: new Uint32Array(entries),
    weights: new Float32Array(entries),
  };
  for (let row = 0; row < counted.documents; row += 1) fillRow(matrix, { row, column, counted });
  return matrix;
}

function keptTerms(counted: Counted, most: number): { all: number; terms: { term: string; id: number; holders: number }[] } {
  const names = counted.terms === '' ? [] : counted.terms.split('\n');
  const holders = new Uint32Array(names.length);
  for (const id of counted.ids) holders[id]! += 1;
  const holdersMost = Math.max(FEWEST_DOCUMENTS, counted.documents * LARGEST_SHARE);
  const terms = names
    .map((term, id) => ({ term, id, holders: holders[id]! }))
    .filter((one) => one.holders >= FEWEST_DOCUMENTS && one.holders <= holdersMost)
    .sort((a, b) => b.holders - a.holders || (a.term < b.term ? -1 : 1))
    .slice(0, most);
  return { all: names.length, terms };
}

/** A long document says no more about how words go together than a short one: every row has length 1. */
function fillRow(matrix: TermMatrix, { row, column, counted }: { row: number; column: Int32Array; counted: Counted }): void {
  const from = matrix.starts[row]!;
  let at = from;
  let squares = 0;
  for (let entry = counted.starts[row]!; entry < counted.starts[row + 1]!; entry += 1) {
    const to = column[counted.ids[entry]!]!;
    if (to < 0) continue;
    const weight = damped(counted.times[entry]!) * matrix.rarity[to]!;
    matrix.columns[at] = to;
    matrix.weights[at++] = weight;
    squares += weight * weight;
  }
  for (let each = from; each < at; each += 1) matrix.weights[each]! /= Math.sqrt(squares);
  matrix.starts[row + 1] = at;
}
