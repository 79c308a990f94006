/** The vectors of one tenant in memory, in rows, and beside each what it is filtered by. */
import type { CollectionId, ItemId } from '../../../../platform/ids.ts';
import { inverseLength } from './bytes.ts';

export interface Row {
  itemId: ItemId;
  version: number;
  collectionId: CollectionId;
  createdBy: string;
  createdAt: number;
  tags: readonly string[];
  bytes: Int8Array | null;
}
export type Facts = Omit<Row, 'bytes'>;

const FIRST_ROWS = 256;
/** What the facts of a row take beside its vector, about. */
const FACTS_BYTES = 400;

export class HeldVectors {
  readonly facts: (Facts | null)[] = [];
  vectors = new Int8Array(0);
  inverseLengths = new Float32Array(FIRST_ROWS);
  change = 0n;
  private readonly rowOf = new Map<ItemId, number>();
  private readonly free: number[] = [];
  private wide = 0;

  private readAt = performance.now();

  constructor(readonly epoch: number) {}

  /** All that has changed until now is in it. */
  noteRead(): void { this.readAt = performance.now(); }
  readMsAgo(): number { return performance.now() - this.readAt; }

  /** Of each vector; those that are put later may have another, and none of before is comparable then. */
  get dimensions(): number { return this.wide; }
  get bytes(): number { return this.vectors.byteLength + this.inverseLengths.byteLength + this.facts.length * FACTS_BYTES + 1_000; }

  put({ bytes, ...facts }: Row): void {
    if (!bytes) return this.drop(facts.itemId);
    if (bytes.length !== this.wide) this.begin(bytes.length);
    const row = this.rowOf.get(facts.itemId) ?? this.free.pop() ?? this.facts.length;
    this.rowOf.set(facts.itemId, row);
    this.makeRoom(row + 1);
    this.facts[row] = facts;
    this.vectors.set(bytes, row * this.wide);
    this.inverseLengths[row] = inverseLength(bytes);
  }

  private drop(itemId: ItemId): void {
    const row = this.rowOf.get(itemId);
    if (row === undefined) return;
    this.rowOf.delete(itemId);
    this.facts[row] = null;
    this.free.push(row);
  }

  private begin(wide: number): void {
    this.wide = wide;
    this.facts.length = 0;
    this.free.length = 0;
    this.rowOf.clear();
    this.vectors = new Int8Array(FIRST_ROWS * wide);
    this.inverseLengths = new Float32Array(FIRST_ROWS);
  }

  private makeRoom(rows: number): void {
    if (rows <= this.inverseLengths.length) return;
    const room = Math.max(rows, Math.ceil(this.inverseLengths.length * 1.5));
    const [vectors, inverseLengths] = [new Int8Array(room * this.wide), new Float32Array(room)];
    vectors.set(this.vectors);
    inverseLengths.set(this.inverseLengths);
    [this.vectors, this.inverseLengths] = [vectors, inverseLengths];
  }
}
