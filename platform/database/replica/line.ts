/** One connection that asks one small question again and again, and is made anew whenever it was lost. Never waits for long. */
import pg from 'pg';

export interface Line<Row> {
  ask(): Promise<Row>;
  close(): Promise<void>;
}

const ANSWER_MS = 1_000;

export function lineTo<Row extends pg.QueryResultRow>(url: string, question: string): Line<Row> {
  let client: pg.Client | undefined;
  const drop = async (): Promise<void> => {
    const dropped = client;
    client = undefined;
    // What hangs would never say goodbye.
    (dropped as unknown as { connection: { stream: { destroy(): void } } } | undefined)?.connection.stream.destroy();
  };
  const connected = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({ connectionString: url, application_name: 'atlas:replica', connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
    fresh.on('error', () => undefined); // the next question finds out
    await fresh.connect();
    return fresh;
  };
  return {
    async ask() {
      try {
        client ??= await connected();
        const { rows } = await client.query<Row>(question);
        return rows[0]!;
      } catch (error) {
        await drop();
        throw error;
      }
    },
    close: drop,
  };
}
