/**
 * Keeps what one holder uses within what is reserved for it: before a model is called, and while it speaks. More is asked
 * for while there is room, so that nobody waits for it; only at the end of what there is somebody has to.
 */
import { compare, decimal } from '../../../platform/decimal.ts';
import { AtlasError, type BudgetLeft } from '../../../platform/errors.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Allowance } from '../domain/allowance.ts';
import type { Budgets, Lease, Spender, Want } from '../domain/budgets.ts';
import type { Need } from '../domain/need.ts';
import { partsOf, type Quantities, type Tariff } from '../domain/tariff.ts';
import { NOTHING, plus, type Spent } from '../domain/usage.ts';

/** The line: no budget has more. `cause` is what whoever asks is told. */
export class BudgetReached extends Error {
  /** By a call that it broke off, where nobody else knows. */
  spent = NOTHING;
  constructor(override readonly cause: AtlasError) { super('No budget has more.', { cause }); }
}

/** How often it is asked for what is missing: others take of the same, and a period may begin anew meanwhile. */
const TRIES_MAX = 4;

export interface Further { readonly ahead: Quantities; readonly wished: Quantities }
interface Given { budgets: Budgets; spender: Spender; holder: string; tariff: Tariff | null }

export class Keeping {
  /** Told of what is granted from now on. */
  granted: (leases: readonly Lease[]) => void = () => undefined;
  private readonly allowance: Allowance;
  private asking: Promise<void> | null = null;
  /** There was no more when it was asked for ahead of time. */
  private isDry = false;

  constructor(private readonly given: Given) { this.allowance = new Allowance(given.tariff); }

  get tariff(): Tariff | null { return this.given.tariff; }
  /** Another process had these for the same. */
  goOn(leases: readonly Lease[]): void { this.allowance.goOn(leases, Date.now()); }

  /** At once while `used` is within what is reserved, otherwise when it is; throws BudgetReached. Before `ahead` is not there any more, so much is asked for that `wished` would be. */
  upTo(used: Quantities, further: Further): void | Promise<void> {
    if (this.allowance.isFree) return;
    if (!this.allowance.holds(used)) return this.wait(used, further);
    if (this.asking || this.isDry) return;
    const isEnding = this.allowance.endsSoon(Date.now());
    if (!isEnding && this.allowance.holds(further.ahead)) return;
    // Whether there is more is no matter yet.
    this.asking = this.ask(this.allowance.wants(further.ahead, further.wished, isEnding)).then((refusal) => { this.isDry = refusal !== null; }, () => { this.isDry = true; }).finally(() => { this.asking = null; });
  }
  /** What is not used after all, once it is known what was. */
  async giveBack(used: Quantities): Promise<void> {
    const { budgets, spender, holder } = this.given;
    await this.asking;
    const parts = new Map(partsOf(used, spender.collectionIds).map((part) => [part.collectionId as string | null, part]));
    const rests = this.allowance.rests((collectionId) => (collectionId === null ? used : parts.get(collectionId) ?? used));
    if (rests.length > 0) await budgets.giveBack(spender.tenantId, holder, rests);
  }

  /** Where not even a little more is left, all that is: it is nobody's to wait for again at the next word. */
  private async wait(used: Quantities, { ahead, wished }: Further): Promise<void> {
    let refused: BudgetLeft | null = null;
    let wants = (): Want[] => this.allowance.wants(ahead, wished);
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      await this.asking;
      if (this.allowance.holds(used)) return;
      const refusal = await this.ask(wants());
      if (this.allowance.holds(used)) return;
      if (refusal === null) continue;
      refused = refusal;
      const left = decimal(refusal.remaining);
      const needed = this.allowance.wants(used, wished);
      if (needed.some(({ unit, atLeast }) => unit === refusal.unit && compare(left, atLeast) < 0)) throw exceeded(refusal);
      wants = () => needed.map((want) => (want.unit === refusal.unit ? { ...want, atLeast: left } : want));
    }
    throw refused ? exceeded(refused) : new BudgetReached(new AtlasError('OVERLOADED'));
  }
  private async ask(wants: readonly Want[]): Promise<BudgetLeft | null> {
    const { budgets, spender, holder } = this.given;
    const { leases, refusal } = await budgets.lease(spender, holder, wants).catch((error: unknown) => { throw error instanceof AtlasError ? new BudgetReached(error) : error; });
    if (refusal) return refusal;
    this.allowance.grant(leases);
    if (leases.length > 0) this.granted(leases);
    return null;
  }
}

const exceeded = (budget: BudgetLeft): BudgetReached => new BudgetReached(new AtlasError('BUDGET_EXCEEDED', undefined, { budget }));

/** The same for a call, after what was spent before it. */
export const within = (keeping: Keeping, before: Spent, { used, ahead, wished }: Need): void | Promise<void> =>
  keeping.upTo(plus(before, used), { ahead: plus(before, ahead), wished: plus(before, wished) });

export const spenderOf = ({ kind, id, userId }: Pick<Viewer, 'kind' | 'id' | 'userId'>, tenantId: TenantId, collectionIds: Spender['collectionIds']): Spender =>
  ({ tenantId, userId: kind === 'user' ? userId : null, keyId: kind === 'key' ? id : null, collectionIds });
