/** Numbers as few bytes: seven bits a byte, and of what ascends only by how much. */

export class ByteWriter {
  private bytes: Uint8Array = new Uint8Array(64);
  private at = 0;

  number(value: number): this {
    if (this.at + 8 > this.bytes.length) this.grow(8);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.at++] = rest;
    return this;
  }
  /** A part of them, as they are; most are so short that copying them one by one is quickest. */
  raw(bytes: Uint8Array, from = 0, to = bytes.length): this {
    if (this.at + to - from > this.bytes.length) this.grow(to - from);
    for (let at = from; at < to; at += 1) this.bytes[this.at++] = bytes[at]!;
    return this;
  }
  done(): Uint8Array { return this.bytes.slice(0, this.at); }
  private grow(by: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + by));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

export function packed(values: ArrayLike<number>): Uint8Array {
  const bytes = new ByteWriter();
  for (let at = 0; at < values.length; at += 1) bytes.number(values[at]!);
  return bytes.done();
}
export function packedAscending(values: ArrayLike<number>): Uint8Array {
  const bytes = new ByteWriter();
  for (let at = 0, before = 0; at < values.length; at += 1) {
    bytes.number(values[at]! - before);
    before = values[at]!;
  }
  return bytes.done();
}

const CUT_SHORT = 'A block of the index is cut short.';

/** Numbers up to 2³²: as many as are asked for. */
export function unpacked(bytes: Uint8Array, count: number, ascending = false): Uint32Array {
  const values = new Uint32Array(count);
  let at = 0;
  let before = 0;
  for (let which = 0; which < count; which += 1) {
    let byte = bytes[at++]!;
    let value = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = bytes[at++]!;
      value += (byte & 0x7f) * factor;
    }
    before = ascending ? before + value : value;
    values[which] = before;
  }
  if (at > bytes.length) throw new Error(CUT_SHORT);
  return values;
}

/** Of each document how many places, and then the places. */
export function packedPlaces(each: readonly (readonly number[])[]): Uint8Array {
  const bytes = new ByteWriter();
  for (const places of each) {
    bytes.number(places.length);
    let before = 0;
    for (const place of places) {
      bytes.number(place - before);
      before = place;
    }
  }
  return bytes.done();
}

/** Where each document's places begin, and where the last ones end. */
export function placesBegin(bytes: Uint8Array, count: number): Uint32Array {
  const begin = new Uint32Array(count + 1);
  let at = 0;
  for (let which = 0; which < count; which += 1) {
    begin[which] = at;
    let left = 0;
    let factor = 1;
    for (let byte = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = bytes[at++]!;
      left += (byte & 0x7f) * factor;
    }
    while (left > 0) if (bytes[at++]! < 0x80) left -= 1;
    if (at > bytes.length) throw new Error(CUT_SHORT);
  }
  begin[count] = at;
  return begin;
}

/** Goes through them document by document, once and forward, and keeps those of one document at a time. */
export class Places {
  /** The first `count` of these are the document's, in ascending order; they may be changed by whoever has read them. */
  values = new Uint32Array(16);
  count = 0;
  private next = 0;
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  /** Of the document at this index, which comes after all that were read. */
  read(which: number): void {
    for (; this.next < which; this.next += 1) {
      let left = this.number();
      while (left > 0) if (this.bytes[this.at++]! < 0x80) left -= 1;
    }
    this.next += 1;
    this.count = this.number();
    if (this.count > this.values.length) this.values = new Uint32Array(this.count * 2);
    let before = 0;
    for (let each = 0; each < this.count; each += 1) {
      before += this.number();
      this.values[each] = before;
    }
    if (this.at > this.bytes.length) throw new Error(CUT_SHORT);
  }

  private number(): number {
    let byte = this.bytes[this.at++]!;
    let value = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * factor;
    }
    return value;
  }
}
