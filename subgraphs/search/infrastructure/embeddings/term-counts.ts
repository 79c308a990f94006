/** Which words stand in which documents, counted as the documents come: a corpus is never held as text. */

/** Document d has the words `ids[starts[d]]` to `ids[starts[d + 1] - 1]`, each as often as `times` says. */
export interface Counted { documents: number; terms: string; starts: Uint32Array; ids: Uint32Array; times: Uint16Array }

const TIMES_MAX = 65_535;
const FIRST_ENTRIES = 4_096;

export class TermCounts {
  private readonly idOf = new Map<string, number>();
  private readonly starts: number[] = [0];
  private ids = new Uint32Array(FIRST_ENTRIES);
  private times = new Uint16Array(FIRST_ENTRIES);
  private entries = 0;

  get documents(): number { return this.starts.length - 1; }

  add(terms: readonly string[]): void {
    const counted = countEach(terms);
    this.makeRoom(counted.size);
    for (const [term, times] of counted) {
      this.ids[this.entries] = this.idOf.get(term) ?? this.idOf.set(term, this.idOf.size).size - 1;
      this.times[this.entries++] = Math.min(times, TIMES_MAX);
    }
    this.starts.push(this.entries);
  }

  /** No word holds a line feed. */
  counted(): Counted {
    return { documents: this.documents, terms: [...this.idOf.keys()].join('\n'), starts: Uint32Array.from(this.starts), ids: this.ids.slice(0, this.entries), times: this.times.slice(0, this.entries) };
  }

  private makeRoom(more: number): void {
    if (this.entries + more <= this.ids.length) return;
    const length = Math.max(this.ids.length * 2, this.entries + more);
    const [ids, times] = [new Uint32Array(length), new Uint16Array(length)];
    ids.set(this.ids);
    times.set(this.times);
    [this.ids, this.times] = [ids, times];
  }
}

export function countEach(terms: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const term of terms) times.set(term, (times.get(term) ?? 0) + 1);
  return times;
}

/** How much the nth occurrence of a word in one text adds: less each time. */
export const damped = (times: number): number => 1 + Math.log(times);
