/**
 * Something that changes as one and remembers what happened to it until its work commits. The ORM hydrates entities
 * without their constructor, so the memory is kept beside the object, not in it.
 */
import { along } from './along.ts';
import type { Fact } from './event.ts';

interface Remembered { fact: Fact; order: number }
const memory = new WeakMap<Aggregate, Remembered[]>();
let order = 0;
/** Of each piece of work: who has something to tell. */
const tellers = along<Set<Aggregate>>();

export abstract class Aggregate {
  abstract readonly id: string;
  /** Grows by one with every saved change; the ORM refuses to save over a newer one. */
  version!: number;

  protected record(fact: Fact): void {
    const remembered = memory.get(this) ?? [];
    remembered.push({ fact, order: (order += 1) });
    memory.set(this, remembered);
    tellers.get()?.add(this);
  }
}

/** Runs `body` and gives it who has something to tell that nobody took: what is told of them would be lost without a word. */
export function withTellers<T>(body: (untold: () => Aggregate[]) => Promise<T>): Promise<T> {
  const telling = new Set<Aggregate>();
  return tellers.run(telling, () => body(() => [...telling].filter((one) => memory.has(one))));
}

/** The facts of these aggregates, in the order in which they were recorded; each is handed out once. */
export function takeFacts(aggregates: Iterable<object>): { subject: Aggregate; fact: Fact }[] {
  const taken: { subject: Aggregate; fact: Fact; order: number }[] = [];
  for (const aggregate of aggregates) {
    if (!(aggregate instanceof Aggregate)) continue;
    for (const { fact, order: at } of memory.get(aggregate) ?? []) taken.push({ subject: aggregate, fact, order: at });
    memory.delete(aggregate);
  }
  return taken.sort((a, b) => a.order - b.order);
}
