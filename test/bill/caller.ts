/** Somebody who calls the gateway and adds up what each answer says that it has cost. */
import { decimal, sum, ZERO, type Decimal } from '../../platform/decimal.ts';
import type { Running } from '../kit/arrangements.ts';
import { TRANSPORTS, type Cost, type StreamAnswer } from '../kit/stream-clients.ts';

export interface Told { operations: number; points: number; money: Decimal; refused: number }
export interface Answered { data?: Record<string, any> | null; errors?: { extensions: { code: string } }[]; extensions?: { cost?: Cost } }

export class Caller {
  /** When what was told, by the clock of this process. */
  readonly answers: { at: number; points: number }[] = [];
  private money: Decimal = ZERO;
  private refused = 0;

  constructor(private readonly atlas: Pick<Running, 'url'>, readonly token: string, readonly tenant: string | null) {}

  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answered> {
    const response = await fetch(this.atlas.url, {
      method: 'POST', signal: AbortSignal.timeout(60_000), body: JSON.stringify({ query, variables }),
      headers: { 'content-type': 'application/json', ...(this.token && { authorization: this.token }), ...(this.tenant && { 'atlas-tenant': this.tenant }) },
    });
    const answer = await response.json() as Answered;
    this.note(answer.extensions?.cost);
    return answer;
  }

  /** The data of what must work, and must be billed. */
  async must(query: string, variables: Record<string, unknown> = {}): Promise<Record<string, any>> {
    const { data, errors } = await this.ask(query, variables);
    if (!data || errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return data;
  }

  /** A question or a change over a transport of streams; of a stream, so many events and then no more. */
  async over(name: keyof typeof TRANSPORTS, query: string, variables: Record<string, unknown> = {}): Promise<readonly StreamAnswer[]> {
    const stream = TRANSPORTS[name](this.at(name), { query, variables, token: this.token, ...(this.tenant && { tenant: this.tenant }) });
    await stream.ended;
    this.note(stream.got.at(-1)?.extensions?.cost ?? stream.refused[0]?.cost);
    return stream.got;
  }

  /** Follows until `changes` have been made and all of them have arrived; what was said with the last is what it came to. */
  async follow(name: keyof typeof TRANSPORTS, query: string, variables: Record<string, unknown>, changes: number, make: () => Promise<void>): Promise<void> {
    const stream = TRANSPORTS[name](this.at(name), { query, variables, token: this.token, ...(this.tenant && { tenant: this.tenant }) });
    // Nobody says when a stream has begun: changes are made until the first is heard of.
    while (stream.got.length === 0) {
      if (stream.refused.length > 0) throw new Error(`The stream was refused: ${stream.refused[0]!.error.message}`);
      await make();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const heard = await this.quiet(stream.got);
    for (let n = 0; n < changes; n += 1) await make();
    await stream.atLeast(heard + changes);
    await this.quiet(stream.got);
    this.note(stream.got.at(-1)!.extensions!.cost);
    stream.leave();
    await stream.ended.catch(() => undefined);
  }

  /** Nothing more is on its way. */
  private async quiet(got: readonly unknown[]): Promise<number> {
    for (let before = -1; before !== got.length;) {
      before = got.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return got.length;
  }

  private at(name: string): string { return name === 'graphql-transport-ws' ? this.atlas.url.replace('http', 'ws') : this.atlas.url; }

  private note(cost: Cost | undefined): void {
    // Whoever is in no tenant pays nothing.
    if (!cost?.money) return;
    if (cost.actual === 0) this.refused += 1;
    else this.answers.push({ at: Date.now(), points: cost.actual });
    this.money = sum(this.money, decimal(cost.money.amount));
  }

  get told(): Told {
    return { operations: this.answers.length, points: this.answers.reduce((all, { points }) => all + points, 0), money: this.money, refused: this.refused };
  }
}
