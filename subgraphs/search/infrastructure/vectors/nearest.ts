/** The most similar of one tenant's vectors, every one looked at: exact, and as fast as memory is read. */
import { setImmediate as turn } from 'node:timers/promises';
import type { CollectionId, ItemId } from '../../../../platform/ids.ts';
import type { Filter, Near, Reach } from '../../domain/ports.ts';
import { asBytes, inverseLength } from './bytes.ts';
import type { Facts, HeldVectors } from './held-vectors.ts';

/** So many bytes are compared before others in the process have their turn: some milliseconds. */
const STRETCH_BYTES = 4 * 1_024 * 1_024;

export interface Wanted { reach: Reach; filter: Filter; vector: Float32Array; first: number; /** What else is demanded, of metadata, has been looked up. */ among?: ReadonlySet<ItemId> | undefined }

export async function nearestOf(held: HeldVectors, wanted: Wanted): Promise<Near[]> {
  const asked = asBytes(wanted.vector);
  if (!asked || asked.length !== held.dimensions || wanted.first < 1) return [];
  const passes = demandsOf(wanted);
  const best = new Nearest(wanted.first);
  const by = inverseLength(asked);
  const stretch = Math.max(1, Math.floor(STRETCH_BYTES / asked.length));
  for (let from = 0; from < held.facts.length && asked.length === held.dimensions; from += stretch) {
    if (from > 0) await turn();
    // Each time anew: what is put while others have their turn may have moved everything.
    const { vectors, inverseLengths, facts } = held;
    for (let row = from; row < Math.min(facts.length, from + stretch); row += 1) {
      const fact = facts[row];
      if (!fact || !passes(fact)) continue;
      const similarity = dot(vectors, row * asked.length, asked) * inverseLengths[row]! * by;
      if (similarity > 0) best.offer(fact, similarity);
    }
  }
  return best.inOrder();
}

/** Eight at a time: additions that do not wait for each other take a third of the time. */
function dot(vectors: Int8Array, from: number, asked: Int8Array): number {
  const whole = asked.length & ~7;
  let [one, two, three, four] = [0, 0, 0, 0];
  for (let each = 0, at = from; each < whole; each += 8, at += 8) {
    one = (one + vectors[at]! * asked[each]! + vectors[at + 4]! * asked[each + 4]!) | 0;
    two = (two + vectors[at + 1]! * asked[each + 1]! + vectors[at + 5]! * asked[each + 5]!) | 0;
    three = (three + vectors[at + 2]! * asked[each + 2]! + vectors[at + 6]! * asked[each + 6]!) | 0;
    four = (four + vectors[at + 3]! * asked[each + 3]! + vectors[at + 7]! * asked[each + 7]!) | 0;
  }
  let rest = 0;
  for (let each = whole; each < asked.length; each += 1) rest += vectors[from + each]! * asked[each]!;
  return one + two + three + four + rest;
}

function demandsOf({ reach, filter, among }: Wanted): (facts: Facts) => boolean {
  const within = reach.everything ? null : new Set<CollectionId>(reach.collectionIds);
  const collections = filter.collectionIds?.length ? new Set<CollectionId>(filter.collectionIds) : null;
  const tags = filter.tags?.length ? new Set(filter.tags) : null;
  const [after, before] = [filter.createdAfter?.getTime() ?? -Infinity, filter.createdBefore?.getTime() ?? Infinity];
  return ({ itemId, collectionId, createdBy, createdAt, tags: own }) =>
    (!within || within.has(collectionId)) && (!collections || collections.has(collectionId)) && (!tags || own.some((tag) => tags.has(tag)))
    && (!filter.createdBy || filter.createdBy === createdBy) && createdAt >= after && createdAt < before && (!among || among.has(itemId));
}

const isBefore = (a: Near, b: Near): boolean => a.similarity > b.similarity || (a.similarity === b.similarity && a.itemId < b.itemId);

/** A heap whose root is the worst that is kept. */
class Nearest {
  private readonly heap: Near[] = [];
  constructor(private readonly first: number) {}

  offer({ itemId, version }: Facts, similarity: number): void {
    if (this.heap.length === this.first && similarity < this.heap[0]!.similarity) return;
    const near: Near = { itemId, version, similarity };
    if (this.heap.length < this.first) return this.rise(near);
    if (isBefore(near, this.heap[0]!)) this.sink(near);
  }

  /** An item that was put anew while it was looked for may have been seen in two places. */
  inOrder(): Near[] { return [...new Map(this.heap.sort((a, b) => (isBefore(a, b) ? -1 : 1)).map((near) => [near.itemId, near])).values()]; }

  private rise(near: Near): void {
    let at = this.heap.push(near) - 1;
    for (let above = (at - 1) >> 1; at > 0 && isBefore(this.heap[above]!, near); above = (at - 1) >> 1) {
      this.heap[at] = this.heap[above]!;
      at = above;
    }
    this.heap[at] = near;
  }

  private sink(near: Near): void {
    let at = 0;
    for (let below = 1; below < this.heap.length; below = at * 2 + 1) {
      if (below + 1 < this.heap.length && isBefore(this.heap[below]!, this.heap[below + 1]!)) below += 1;
      if (!isBefore(near, this.heap[below]!)) break;
      this.heap[at] = this.heap[below]!;
      at = below;
    }
    this.heap[at] = near;
  }
}
