/** COPY … FROM STDIN over pg, which speaks the protocol and leaves the rest to others: rows as they come, no faster than the socket takes them. */
import type pg from 'pg';

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (value: string): string => value.replace(/[\\\n\r\t]/g, (one) => ESCAPES[one]!);
const CHUNK_ROWS = 500;

interface Wire { query(text: string): void; sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void; sendCopyFail(why: string): void; stream: { writableNeedDrain: boolean; once(event: 'drain', then: () => void): void } }

/** What pg lets somebody else put into its queue: it hands over the connection, and what the server says. */
class CopyIn {
  readonly done: Promise<void>;
  #settle!: { resolve: () => void; reject: (error: Error) => void };
  constructor(readonly text: string, readonly rows: Iterable<readonly string[]>) {
    this.done = new Promise((resolve, reject) => { this.#settle = { resolve, reject }; });
  }
  submit(wire: Wire): void { wire.query(this.text); }
  handleCopyInResponse(wire: Wire): void { void this.#send(wire); }
  handleCommandComplete(): void { /* ReadyForQuery follows */ }
  handleReadyForQuery(): void { this.#settle.resolve(); }
  handleError(error: Error): void { this.#settle.reject(error); }

  async #send(wire: Wire): Promise<void> {
    try {
      let lines: string[] = [];
      for (const row of this.rows) {
        if (lines.push(row.map(escaped).join('\t')) < CHUNK_ROWS) continue;
        wire.sendCopyFromChunk(Buffer.from(`${lines.join('\n')}\n`));
        lines = [];
        if (wire.stream.writableNeedDrain) await new Promise<void>((resolve) => { wire.stream.once('drain', resolve); });
      }
      if (lines.length > 0) wire.sendCopyFromChunk(Buffer.from(`${lines.join('\n')}\n`));
      wire.endCopyFrom();
    } catch (error) {
      wire.sendCopyFail(String(error));
    }
  }
}

/** `into` is a table with its columns; no value is null. */
export async function copyIn(client: pg.Client, into: string, rows: () => Iterable<readonly string[]>): Promise<void> {
  const copy = new CopyIn(`COPY ${into} FROM STDIN`, rows());
  client.query(copy as never);
  await copy.done;
}
