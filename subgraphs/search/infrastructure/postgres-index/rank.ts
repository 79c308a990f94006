/** Every document that passes scored, counted by its facets, and the best of them. */
import { dampingOf, scoreOf } from '../../domain/bm25.ts';
import { monthName, type Columns } from '../../domain/columns.ts';
import { compareKeys, idAt, keyOf } from '../../domain/item-key.ts';
import type { Facet, FacetField, Hit, Place } from '../../domain/ports.ts';
import type { Breath } from './breath.ts';
import type { Within } from './within-reach.ts';
import type { Averages } from '../../domain/bm25.ts';
import type { Group } from './wanted.ts';

export async function scores({ source, seen }: Within, which: number, groups: readonly Group[], averages: Averages, breath: Breath): Promise<Float64Array> {
  const sums = new Float64Array(source.columns.size);
  const { lengths } = source.columns;
  const { base, perLength } = dampingOf(averages);
  for (const { factor, postings } of groups) {
    const { docs, frequencies } = postings[which]!;
    for (let at = 0; at < docs.length; at += 1) {
      const doc = docs[at]!;
      if (seen[doc]) sums[doc]! += scoreOf(factor, frequencies[at]!, base + perLength * lengths[doc]!);
    }
    await breath.after(docs.length * 2);
  }
  return sums;
}

interface Ranked { within: Within; doc: number; score: number }

/** The best `max` of all that are offered, after a place. */
export class Best {
  private readonly heap: Ranked[] = []; // the worst on top
  private readonly after: { score: number; key: Uint32Array } | null;
  constructor(private readonly max: number, after: Place | undefined) { this.after = after ? { score: after.score, key: keyOf(after.itemId) } : null; }

  offer(within: Within, doc: number, score: number): void {
    if (this.after && (score > this.after.score || (score === this.after.score && compareKeys(within.source.columns.keys, doc, this.after.key, 0) <= 0))) return;
    if (this.heap.length === this.max && score < this.heap[0]!.score) return;
    const one = { within, doc, score };
    if (this.heap.length < this.max) this.rise(this.heap.push(one) - 1);
    else if (worse(this.heap[0]!, one)) {
      this.heap[0] = one;
      this.sink(0);
    }
  }

  /** What scores less is not among them. */
  get least(): number { return this.heap.length === this.max ? this.heap[0]!.score : -Infinity; }

  inOrder(): Hit[] {
    return this.heap.toSorted((a, b) => (worse(a, b) ? 1 : -1)).map(({ within: { source: { columns } }, doc, score }) => {
      const itemId = idAt(columns.keys, doc);
      return { itemId, version: columns.versions[doc]!, score, place: { score, itemId } };
    });
  }

  private rise(from: number): void {
    for (let at = from, above = (at - 1) >> 1; at > 0 && worse(this.heap[at]!, this.heap[above]!); at = above, above = (at - 1) >> 1) this.swap(at, above);
  }
  private sink(from: number): void {
    for (let at = from; ;) {
      const below = [at * 2 + 1, at * 2 + 2].filter((one) => one < this.heap.length);
      const worst = below.length === 2 && worse(this.heap[below[1]!]!, this.heap[below[0]!]!) ? below[1]! : below[0];
      if (worst === undefined || !worse(this.heap[worst]!, this.heap[at]!)) return;
      this.swap(at, worst);
      at = worst;
    }
  }
  private swap(a: number, b: number): void { [this.heap[a], this.heap[b]] = [this.heap[b]!, this.heap[a]!]; }
}

const worse = (a: Ranked, b: Ranked): boolean =>
  a.score !== b.score ? a.score < b.score : compareKeys(a.within.source.columns.keys, a.doc, b.within.source.columns.keys, b.doc) > 0;

const VALUES_MAX = 50;
const FIELDS: readonly FacetField[] = ['collection', 'tag', 'creator', 'month'];

export class FacetCounts {
  private readonly counts = new Map<FacetField, Map<string, number>>(FIELDS.map((field) => [field, new Map()]));

  /** `hits` are ordinals. */
  add({ source: { columns } }: Within, hits: Uint32Array): void {
    const { collections, creators, tags, months } = columns;
    this.sumNames('collection', collections.names, counted(collections.of, hits, collections.names.length));
    this.sumNames('creator', creators.names, counted(creators.of, hits, creators.names.length));
    this.sumNames('tag', tags.names, countedTags(tags, hits));
    let [first, last] = [months[hits[0] ?? 0] ?? 0, 0];
    for (let at = 0; at < hits.length; at += 1) {
      const month = months[hits[at]!]!;
      if (month < first) first = month;
      if (month > last) last = month;
    }
    if (hits.length > 0) counted(months, hits, last - first + 1, first).forEach((count, month) => this.sum('month', monthName(first + month), count));
  }
  private sumNames(field: FacetField, names: readonly string[], counts: Uint32Array): void {
    names.forEach((name, at) => this.sum(field, name, counts[at]!));
  }
  private sum(field: FacetField, value: string, count: number): void {
    if (count > 0) this.counts.get(field)!.set(value, (this.counts.get(field)!.get(value) ?? 0) + count);
  }

  done(): Facet[] {
    return FIELDS.map((field) => ({
      field, values: [...this.counts.get(field)!].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, VALUES_MAX),
    }));
  }
}

/** Of these documents how many have each number, from `first` on. */
function counted(of: Uint32Array, hits: Uint32Array, numbers: number, first = 0): Uint32Array {
  const counts = new Uint32Array(numbers);
  for (let at = 0; at < hits.length; at += 1) counts[of[hits[at]!]! - first]! += 1;
  return counts;
}

function countedTags({ names, of, starts }: Columns['tags'], hits: Uint32Array): Uint32Array {
  const counts = new Uint32Array(names.length);
  for (let hit = 0; hit < hits.length; hit += 1) {
    const doc = hits[hit]!;
    const end = starts[doc + 1]!;
    for (let at = starts[doc]!; at < end; at += 1) counts[of[at]!]! += 1;
  }
  return counts;
}
