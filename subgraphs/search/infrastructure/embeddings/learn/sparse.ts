/** Products of a matrix that is mostly empty with a block that is not. */
export interface Sparse {
  rows: number;
  columnCount: number;
  /** Row r holds the entries from `starts[r]` to `starts[r + 1]`. */
  starts: Uint32Array;
  columns: Uint32Array;
  weights: Float32Array;
}

export function transposed({ rows, columnCount, starts, columns, weights }: Sparse): Sparse {
  const out: Sparse = { rows: columnCount, columnCount: rows, starts: new Uint32Array(columnCount + 1), columns: new Uint32Array(columns.length), weights: new Float32Array(columns.length) };
  for (const column of columns) out.starts[column + 1]! += 1;
  for (let each = 0; each < columnCount; each += 1) out.starts[each + 1]! += out.starts[each]!;
  const next = out.starts.slice();
  for (let row = 0; row < rows; row += 1) {
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
      const to = next[columns[at]!]!++;
      out.columns[to] = row;
      out.weights[to] = weights[at]!;
    }
  }
  return out;
}

const AT_ONCE = 4;

/** A row at a time and four of its entries at once: each sum is read and written once for all of them. */
export function times({ rows, starts, columns, weights }: Sparse, block: Float32Array, wide: number): Float32Array {
  const out = new Float32Array(rows * wide);
  const sums = new Float64Array(wide);
  for (let row = 0; row < rows; row += 1) {
    sums.fill(0);
    const end = starts[row + 1]!;
    let at = starts[row]!;
    for (; at + AT_ONCE <= end; at += AT_ONCE) {
      const [w0, w1, w2, w3] = [weights[at]!, weights[at + 1]!, weights[at + 2]!, weights[at + 3]!];
      const [from0, from1, from2, from3] = [columns[at]! * wide, columns[at + 1]! * wide, columns[at + 2]! * wide, columns[at + 3]! * wide];
      for (let each = 0; each < wide; each += 1) sums[each]! += w0 * block[from0 + each]! + w1 * block[from1 + each]! + w2 * block[from2 + each]! + w3 * block[from3 + each]!;
    }
    for (; at < end; at += 1) {
      const [weight, from] = [weights[at]!, columns[at]! * wide];
      for (let each = 0; each < wide; each += 1) sums[each]! += weight * block[from + each]!;
    }
    out.set(sums, row * wide);
  }
  return out;
}
