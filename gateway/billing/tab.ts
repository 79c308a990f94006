/** What one operation has come to so far: drawn from budgets before it runs, added up as answers come, settled at its end. */
import { sum, ZERO, type Decimal } from '../../platform/decimal.ts';
import type { SaidUsage } from '../../platform/said-usage.ts';
import type { Drawn } from './account.ts';
import type { Budgets } from './budgets.ts';
import type { Spender } from '../../platform/billing/ports.ts';
import type { Tariff } from '../../platform/billing/tariff.ts';
import type { Usage } from './usage.ts';

/** As it stands in `extensions.cost`. */
export interface Billed {
  tokens: { input: Decimal; output: Decimal } | null;
  /** Null while nobody can say what the tenant pays by. */
  money: { amount: Decimal; currency: string } | null;
}
export const UNBILLED: Billed = { tokens: null, money: null };

const INPUT_TOKENS = 'ai.input-tokens';
const OUTPUT_TOKENS = 'ai.output-tokens';

export interface Till { usage: Usage; budgets: Budgets }

export class Tab {
  private points = 0;
  private amount: Decimal = ZERO;
  private input: Decimal = ZERO;
  private output: Decimal = ZERO;
  private isCounted = false;

  constructor(private readonly till: Till, private readonly spender: Spender, private readonly tariff: Tariff | null, private drawn: Pick<Drawn, 'more' | 'settle'>, private reserved: number) {}

  /** Draws what is missing for so many points more; only of a stream can anything be. */
  reserve(points: number): void | Promise<void> {
    const missing = this.points + points - this.reserved;
    if (missing <= 0) return;
    const drawn = this.till.budgets.draw(this.spender, missing, this.tariff);
    const then = () => {
      this.drawn.more(missing);
      this.reserved += missing;
    };
    return drawn instanceof Promise ? drawn.then(then) : then();
  }

  /** The operation, or an event of it, was worth this; what services say they have counted themselves. */
  add(points: number, said: readonly SaidUsage[] | undefined): void {
    const operations = this.isCounted ? 0 : 1;
    this.isCounted = true;
    this.points += points;
    this.till.usage.add(this.spender, { points, operations }, this.tariff);
    if (this.tariff) {
      const worth = [this.tariff.points(points), ...(operations ? [this.tariff.operations(1)] : []), ...(said ? [this.tariff.said(said)] : [])];
      this.amount = sum(this.amount, ...worth);
    }
    if (!said) return;
    this.input = totalOf(INPUT_TOKENS, said, this.input);
    this.output = totalOf(OUTPUT_TOKENS, said, this.output);
  }

  get billed(): Billed {
    return { tokens: { input: this.input, output: this.output }, money: this.tariff && { amount: this.amount, currency: this.tariff.currency } };
  }

  /** What was drawn and not used goes back. */
  settle(): void {
    this.drawn.settle(this.points);
    this.reserved = this.points;
  }
  /** Resolves when what it came to is on disk. */
  kept(): Promise<void> { return this.till.usage.kept(); }
}

const totalOf = (metric: string, said: readonly SaidUsage[], before: Decimal): Decimal =>
  sum(before, ...said.filter((line) => line.metric === metric).map(({ quantity }) => quantity as Decimal));
