/**
 * BM25 as the books have it, without an index: the reference that search is measured against. Fields are weighed by
 * counting their words several times (BM25F with one length), which is what search does too.
 */
import { termsOf } from './words.ts';

export interface Item { id: string; title: string; tags: readonly string[]; body: string }
export interface Tuning { k1: number; b: number; title: number; tags: number; body: number }
export type Ranked = readonly string[];

interface Read { id: string; times: Map<string, number>; length: number }

export class Bm25 {
  private readonly read: Read[];
  private readonly holders = new Map<string, number>();
  private readonly meanLength: number;

  constructor(items: readonly Item[], private readonly tuning: Tuning) {
    this.read = items.map((item) => this.reading(item));
    for (const { times } of this.read) for (const term of times.keys()) this.holders.set(term, (this.holders.get(term) ?? 0) + 1);
    this.meanLength = this.read.reduce((sum, { length }) => sum + length, 0) / Math.max(1, items.length);
  }

  rank(question: string, first: number): Ranked {
    const asked = [...new Set(termsOf(question))];
    return this.read
      .map((read) => ({ id: read.id, score: this.score(read, asked) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, first)
      .map(({ id }) => id);
  }

  private reading(item: Item): Read {
    const times = new Map<string, number>();
    let length = 0;
    for (const [text, weight] of [[item.title, this.tuning.title], [item.tags.join(' '), this.tuning.tags], [item.body, this.tuning.body]] as const) {
      for (const term of termsOf(text)) {
        times.set(term, (times.get(term) ?? 0) + weight);
        length += weight;
      }
    }
    return { id: item.id, times, length };
  }

  private score({ times, length }: Read, asked: readonly string[]): number {
    const { k1, b } = this.tuning;
    return asked.reduce((sum, term) => {
      const seen = times.get(term);
      if (!seen) return sum;
      const holders = this.holders.get(term)!;
      const rarity = Math.log(1 + (this.read.length - holders + 0.5) / (holders + 0.5));
      return sum + (rarity * seen * (k1 + 1)) / (seen + k1 * (1 - b + (b * length) / this.meanLength));
    }, 0);
  }
}
