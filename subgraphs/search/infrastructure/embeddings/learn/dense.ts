/**
 * Products of tall blocks: many rows, a few hundred columns, row-major. A space is learned in them and hardly anywhere else,
 * so several rows are taken at once: a value that has been read serves eight times, and in double precision, for a sum of
 * singles is rounded at each step.
 */

const AT_ONCE = 4;

/** Sums over all rows of the products of every column of one with every column of the other; `half`: those alone of which the second is not after the first. */
export function crossed(left: Float32Array, right: Float32Array, { wide, half }: { wide: number; half: boolean }): Float64Array {
  const out = new Float64Array(wide * wide);
  const rows = left.length / wide;
  const [some, others] = [new Float64Array(AT_ONCE * wide), new Float64Array(AT_ONCE * wide)];
  for (let row = 0; row < rows; row += AT_ONCE) {
    read(left, row * wide, some);
    read(right, row * wide, others);
    let a = 0;
    for (; a + 1 < wide; a += 2) addPair(out, { some, others, a, wide, to: half ? a + 1 : wide });
    if (a < wide) addLast(out, { some, others, a, wide, to: wide });
  }
  return out;
}

/** Past the last row there is nothing. */
function read(block: Float32Array, from: number, into: Float64Array): void {
  const there = Math.min(into.length, block.length - from);
  for (let each = 0; each < there; each += 1) into[each] = block[from + each]!;
  into.fill(0, there);
}

interface Pair { some: Float64Array; others: Float64Array; a: number; wide: number; to: number }

/** Of two columns with those up to `to`, of four rows. The one of the pair with the later of the two is set with the other half. */
function addPair(out: Float64Array, { some, others, a, wide, to }: Pair): void {
  const [two, three] = [wide * 2, wide * 3];
  const [a0, a1, a2, a3] = [some[a]!, some[wide + a]!, some[two + a]!, some[three + a]!];
  const [b0, b1, b2, b3] = [some[a + 1]!, some[wide + a + 1]!, some[two + a + 1]!, some[three + a + 1]!];
  const [first, second] = [a * wide, a * wide + wide];
  for (let each = 0; each < to; each += 1) {
    const [x0, x1, x2, x3] = [others[each]!, others[wide + each]!, others[two + each]!, others[three + each]!];
    out[first + each]! += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3;
    out[second + each]! += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3;
  }
  if (to === a + 1) out[second + a + 1]! += b0 * others[a + 1]! + b1 * others[wide + a + 1]! + b2 * others[two + a + 1]! + b3 * others[three + a + 1]!;
}

function addLast(out: Float64Array, { some, others, a, wide, to }: Pair): void {
  for (let row = 0; row < AT_ONCE; row += 1) {
    const value = some[row * wide + a]!;
    for (let each = 0; each < to; each += 1) out[a * wide + each]! += value * others[row * wide + each]!;
  }
}

/** Each row by a square matrix, row-major, of which the first `kept` columns are wanted; `upper`: below its diagonal there is nothing. */
export function turned(block: Float32Array, by: Float64Array, { wide, kept, upper = false }: { wide: number; kept: number; upper?: boolean }): Float32Array {
  const rows = block.length / wide;
  const out = new Float32Array(rows * kept);
  const [one, other] = [new Float64Array(kept), new Float64Array(kept)];
  for (let row = 0; row < rows; row += 2) {
    one.fill(0);
    other.fill(0);
    // Where the rows are odd, the last is its own neighbour.
    const [from, next] = [row * wide, Math.min(row + 1, rows - 1) * wide];
    let a = 0;
    for (; a + AT_ONCE <= wide; a += AT_ONCE) addFour({ block, from: from + a, next: next + a, by, at: a * wide, wide, begin: upper ? a : 0, one, other });
    for (; a < wide; a += 1) {
      for (let each = 0; each < kept; each += 1) {
        one[each]! += block[from + a]! * by[a * wide + each]!;
        other[each]! += block[next + a]! * by[a * wide + each]!;
      }
    }
    out.set(one, row * kept);
    if (row + 1 < rows) out.set(other, (row + 1) * kept);
  }
  return out;
}

interface Four { block: Float32Array; from: number; next: number; by: Float64Array; at: number; wide: number; begin: number; one: Float64Array; other: Float64Array }

function addFour({ block, from, next, by, at, wide, begin, one, other }: Four): void {
  const [a0, a1, a2, a3] = [block[from]!, block[from + 1]!, block[from + 2]!, block[from + 3]!];
  const [b0, b1, b2, b3] = [block[next]!, block[next + 1]!, block[next + 2]!, block[next + 3]!];
  const [second, third, fourth] = [at + wide, at + wide * 2, at + wide * 3];
  for (let each = begin; each < one.length; each += 1) {
    const [x0, x1, x2, x3] = [by[at + each]!, by[second + each]!, by[third + each]!, by[fourth + each]!];
    one[each]! += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3;
    other[each]! += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3;
  }
}
