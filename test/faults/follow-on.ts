/** Clients that follow something for as long as they like: told to come again, they go on after the last event that they got. */
import { eventually } from '../kit/eventually.ts';
import { TRANSPORTS, type Followed, type StreamAnswer } from '../kit/stream-clients.ts';

export interface Follower {
  url: string;
  token?: string | undefined;
  /** Over `$after`, the cursor of the last event; its events select `n` and `cursor`. */
  query: string;
  field: string;
  isRight(event: Record<string, unknown>): boolean;
}
export interface Followers {
  /** Resolves when every one has got another event. */
  oneMoreEach(): Promise<void>;
  counts(): { streams: number; resumed: number; events: number };
  /** What was wrong with what they got; nothing, when all was right. */
  stop(): string[];
}

const EACH = 4;
/** What says to come again at once, by transport. */
const AGAIN = new Set(['SUPERGRAPH_CHANGED', '1012 SUPERGRAPH_CHANGED']);

class One {
  events = 0;
  resumed = 0;
  readonly faults: string[] = [];
  private next = 0;
  private looked = 0;
  private stopped = false;
  private stream: Followed | null = null;

  constructor(private readonly transport: keyof typeof TRANSPORTS, private readonly given: Follower) { void this.go(); }

  /** Looks at what came since the last look. */
  look(): void {
    for (const answer of this.stream?.got.slice(this.looked) ?? []) this.take(answer);
    this.looked = this.stream?.got.length ?? 0;
  }

  stop(): void {
    this.look();
    this.stopped = true;
    this.stream?.leave();
  }

  private async go(): Promise<void> {
    const { url, token, query } = this.given;
    while (!this.stopped) {
      const address = this.transport === 'graphql-transport-ws' ? url.replace('http', 'ws') : url;
      this.looked = 0;
      this.stream = TRANSPORTS[this.transport](address, { query, variables: this.next === 0 ? {} : { after: String(this.next - 1) }, ...(token && { token }) });
      const how = await this.stream.ended;
      if (this.stopped) return;
      this.look();
      if (!AGAIN.has(how)) return void this.faults.push(`a stream over ${this.transport} ended with ${how}`);
      this.resumed += 1;
    }
  }

  private take({ data, errors }: StreamAnswer): void {
    const event = data?.[this.given.field] as Record<string, unknown> | undefined;
    this.events += 1;
    if (errors || event?.n !== this.next || !this.given.isRight(event)) this.faults.push(`over ${this.transport}, instead of event ${this.next}: ${JSON.stringify({ data, errors })}`);
    this.next = Number(event?.n) + 1;
  }
}

export function followOn(given: Follower): Followers {
  const all = (Object.keys(TRANSPORTS) as (keyof typeof TRANSPORTS)[]).flatMap((transport) => Array.from({ length: EACH }, () => new One(transport, given)));
  const sum = (of: (one: One) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    async oneMoreEach() {
      for (const one of all) one.look();
      const before = all.map(({ events }) => events);
      await eventually('another event of every stream', () => all.every((one, at) => {
        one.look();
        return one.faults.length > 0 || one.events > before[at]!;
      }));
    },
    counts: () => ({ streams: all.length, resumed: sum(({ resumed }) => resumed), events: sum(({ events }) => events) }),
    stop() {
      for (const one of all) one.stop();
      return all.flatMap(({ faults }) => faults);
    },
  };
}
