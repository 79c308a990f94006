/**
 * Latent semantic analysis: a space that is learned from a tenant's own documents, in which words that go together lie
 * near each other. It needs no network, no weights of others and no licence of theirs (docs/decisions/0024-meaning.md).
 */
import type { Places } from './learn/align.ts';
import { countEach, damped } from './term-counts.ts';

/** As it is kept: a byte a direction of each word, and by how much to multiply it. `documents` were there when it was learned. */
export interface KeptSpace { dimensions: number; documents: number; terms: string; scales: Uint8Array; places: Uint8Array }

const STEPS = 127;

export class LatentSpace {
  private readonly at: Map<string, number>;

  private constructor(readonly dimensions: number, readonly documents: number, private readonly terms: readonly string[], private readonly scales: Float32Array, private readonly places: Int8Array) {
    this.at = new Map(terms.map((term, at) => [term, at]));
  }

  static from({ dimensions, documents, terms, scales, places }: KeptSpace): LatentSpace {
    const names = terms === '' ? [] : terms.split('\n');
    return new LatentSpace(dimensions, documents, names, new Float32Array(Uint8Array.from(scales).buffer), new Int8Array(Uint8Array.from(places).buffer));
  }

  static keep({ documents, terms, wide, places }: Places & { documents: number }): KeptSpace {
    const scales = new Float32Array(terms.length);
    const bytes = new Int8Array(places.length);
    for (let term = 0; term < terms.length; term += 1) {
      const from = term * wide;
      let largest = 0;
      for (let each = 0; each < wide; each += 1) largest = Math.max(largest, Math.abs(places[from + each]!));
      scales[term] = largest / STEPS;
      if (largest > 0) for (let each = 0; each < wide; each += 1) bytes[from + each] = Math.round((places[from + each]! / largest) * STEPS);
    }
    return { dimensions: wide, documents, terms: terms.join('\n'), scales: new Uint8Array(scales.buffer), places: new Uint8Array(bytes.buffer) };
  }

  /** About what it takes in memory. */
  get bytes(): number { return this.places.byteLength + this.scales.byteLength + this.terms.length * 100; }

  all(): Places {
    const places = new Float32Array(this.places.length);
    for (let each = 0; each < places.length; each += 1) places[each] = this.places[each]! * this.scales[Math.floor(each / this.dimensions)]!;
    return { terms: this.terms, wide: this.dimensions, places };
  }

  /** Of length 1, or all zeros where no word is known. */
  place(terms: readonly string[]): Float32Array {
    const out = new Float32Array(this.dimensions);
    for (const [term, times] of countEach(terms)) {
      const at = this.at.get(term);
      if (at === undefined) continue;
      const by = damped(times) * this.scales[at]!;
      const from = at * this.dimensions;
      for (let each = 0; each < this.dimensions; each += 1) out[each]! += by * this.places[from + each]!;
    }
    return unit(out);
  }
}

export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (let each = 0; each < vector.length; each += 1) vector[each]! /= length;
  return vector;
}
