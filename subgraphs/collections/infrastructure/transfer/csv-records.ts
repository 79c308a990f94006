/**
 * CSV as it is found (RFC 4180, and any line end), cut into records while it streams. Ours, because the parser that
 * is well kept loses all that follows a record over its bound, and goes astray after a stray quote: here one bad
 * record is told, and the reading goes on at the next line end outside of it.
 */
import { isUtf8 } from 'node:buffer';
import type { Bytes } from '../../domain/transfer.ts';

const [LF, CR, QUOTE] = [0x0a, 0x0d, 0x22];

/** No table that people keep is wider. */
const CELLS_MAX = 10_000;

export type CsvRecord = { line: number; at: number } & ({ cells: string[] } | { fault: string });

enum In { Start, Plain, Quoted, AfterQuote, Broken }
interface Cell { from: number; to: number; doubled: boolean }

export class CsvRecords {
  private data: Buffer = Buffer.alloc(0);
  private next = 0;
  private state = In.Start;
  private cells: Cell[] = [];
  private cell: Cell = { from: 0, to: 0, doubled: false };
  private line = 1;
  private startLine = 1;
  private passed = 0;
  private previous = 0;
  private fault: string | undefined;
  private dropped = false;

  constructor(private readonly delimiter: number, private readonly bytesMax: number) {}

  async *of(source: Bytes): AsyncGenerator<CsvRecord> {
    for await (const chunk of source) yield* this.push(chunk);
    const last = this.end();
    if (last) yield last;
  }

  private *push(chunk: Uint8Array): Generator<CsvRecord> {
    this.data = this.data.length > 0 ? Buffer.concat([this.data, chunk]) : Buffer.from(chunk);
    while (this.next < this.data.length) {
      const byte = this.data[this.next]!;
      const crLf = byte === LF && this.previous === CR;
      this.previous = byte;
      if ((byte === LF && !crLf) || byte === CR) this.line += 1;
      // The second half of a line end that has ended a record already.
      if (crLf && this.next === 0 && this.state === In.Start) this.drop(1);
      else if (this.step(byte, this.next)) {
        this.next += 1;
        const record = this.record(this.next - 1);
        if (record) yield record;
      } else this.next += 1;
    }
    if (this.data.length > this.bytesMax) this.tooLong();
  }

  /** True when the byte ends the record. */
  private step(byte: number, at: number): boolean {
    const ends = byte === LF || byte === CR;
    switch (this.state) {
      case In.Start:
        this.cell = { from: at, to: at, doubled: false };
        if (byte === QUOTE) {
          this.cell.from = at + 1;
          this.state = In.Quoted;
          return false;
        }
        this.state = In.Plain;
        return this.plain(byte, at, ends);
      case In.Plain: return this.plain(byte, at, ends);
      case In.Quoted:
        if (byte === QUOTE) this.state = In.AfterQuote;
        return false;
      case In.AfterQuote:
        if (byte === QUOTE) {
          this.cell.doubled = true;
          this.state = In.Quoted;
        } else if (byte === this.delimiter || ends) this.close(at - 1);
        else {
          this.fault ??= `Something follows the closing quote of a cell in line ${this.line}.`;
          this.state = In.Broken;
        }
        return ends;
      case In.Broken: return ends;
    }
  }

  private plain(byte: number, at: number, ends: boolean): boolean {
    if (byte === this.delimiter || ends) this.close(at);
    return ends;
  }

  private close(to: number): void {
    this.cell.to = to;
    // While a record is dropped its cells are too: a single absurd one may have millions.
    if (!this.dropped) this.cells.push(this.cell);
    if (this.cells.length > CELLS_MAX) {
      this.fault ??= `The row has more than ${CELLS_MAX} cells.`;
      this.dropped = true;
      this.cells = [];
    }
    this.state = In.Start;
  }

  private record(end: number): CsvRecord | null {
    const place = { line: this.startLine, at: this.passed + this.next };
    const made = this.made(end, place);
    this.drop(this.next);
    this.cells = [];
    this.state = In.Start;
    this.fault = undefined;
    this.dropped = false;
    this.startLine = this.line;
    return made;
  }

  private made(end: number, place: { line: number; at: number }): CsvRecord | null {
    if (end > this.bytesMax) this.tooLong();
    if (this.fault) return { ...place, fault: this.fault };
    if (end === 0) return null;
    if (!isUtf8(this.data.subarray(0, end))) return { ...place, fault: 'The row is not valid UTF-8.' };
    return { ...place, cells: this.cells.map(({ from, to, doubled }) => {
      const text = this.data.toString('utf8', from, to);
      return doubled ? text.replaceAll('""', '"') : text;
    }) };
  }

  private tooLong(): void {
    this.fault ??= `The row is longer than ${Math.round(this.bytesMax / 1_048_576)} MB; is a quote in it never closed?`;
    this.dropped = true;
    this.cells = [];
    this.drop(this.next);
  }

  private drop(bytes: number): void {
    this.data = this.data.subarray(bytes);
    this.passed += bytes;
    this.next -= Math.min(bytes, this.next);
  }

  private end(): CsvRecord | null {
    if (this.state === In.Quoted) this.fault ??= 'A quote that is opened in this row is never closed: nothing after it could be read.';
    else if (this.state === In.AfterQuote) this.close(this.data.length - 1);
    else if (this.state === In.Plain || this.cells.length > 0) {
      if (this.state === In.Start) this.cell = { from: this.data.length, to: this.data.length, doubled: false };
      this.close(this.data.length);
    }
    return this.fault || this.data.length > 0 ? this.record(this.data.length) : null;
  }
}
