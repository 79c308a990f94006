/** Ids of items as numbers: what follows their prefix is 128 bits in base 32, and is ordered as they are. */
import type { ItemId } from '../../../platform/ids.ts';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUES = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]));
const PREFIX = 'itm_';
const DIGITS_IN_ID = 26;
export const KEY_WORDS = 4;

/** Writes it as four numbers of 32 bits, the highest first. */
export function writeKey(into: Uint32Array, at: number, id: ItemId): void {
  into.fill(0, at * KEY_WORDS, (at + 1) * KEY_WORDS);
  for (let digit = 0; digit < DIGITS_IN_ID; digit += 1) {
    const value = VALUES.get(id.charCodeAt(PREFIX.length + digit)) ?? 0;
    const bit = (DIGITS_IN_ID - 1 - digit) * 5; // of its lowest one
    const word = at * KEY_WORDS + KEY_WORDS - 1 - (bit >>> 5);
    const shift = bit & 31;
    into[word]! |= value << shift;
    if (shift > 27 && word > at * KEY_WORDS) into[word - 1]! |= value >>> (32 - shift);
  }
}

export function idAt(keys: Uint32Array, at: number): ItemId {
  let text = '';
  for (let digit = 0; digit < DIGITS_IN_ID; digit += 1) {
    const bit = (DIGITS_IN_ID - 1 - digit) * 5;
    const word = at * KEY_WORDS + KEY_WORDS - 1 - (bit >>> 5);
    const shift = bit & 31;
    let value = keys[word]! >>> shift;
    if (shift > 27 && word > at * KEY_WORDS) value |= keys[word - 1]! << (32 - shift);
    text += DIGITS[value & 31]!;
  }
  return `${PREFIX}${text}` as ItemId;
}

export function compareKeys(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
  for (let word = 0; word < KEY_WORDS; word += 1) {
    const difference = a[atA * KEY_WORDS + word]! - b[atB * KEY_WORDS + word]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Where it stands among keys that ascend, or -1. */
export function placeOfKey(keys: Uint32Array, key: Uint32Array): number {
  let low = 0;
  let high = keys.length / KEY_WORDS - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compareKeys(keys, middle, key, 0);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function keyOf(id: ItemId): Uint32Array {
  const key = new Uint32Array(KEY_WORDS);
  writeKey(key, 0, id);
  return key;
}
