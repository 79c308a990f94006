import { Aggregate } from '../../../platform/aggregate.ts';
import { newId, type EvalRunId, type EvalSetId, type JobId, type TenantId } from '../../../platform/ids.ts';
import type { UsageLine } from '../../../platform/event.ts';
import { evalRunCompleted, evalRunStarted, evalRunStopped } from '../events.ts';
import { summaryOf, type Judged, type Summary } from './evaluating.ts';
import { linesOf, worthOf, type Quantities, type Tariff } from './tariff.ts';
import { NOTHING, plus, type Spent } from './usage.ts';

/** How one question went; what was answered is not kept, for who reads this later need not see what it was made from. */
export interface Measured extends Judged { readonly id: string; readonly latencyMs: number; readonly spent: Spent; readonly model: string }

/** Who pays for it, and by what. */
export interface PaidBy { readonly userId: string | null; readonly tariff: Tariff | null }

/** An evaluation of what is known, what finds it and what answers from it, as they are on one day. */
export class EvalRun extends Aggregate {
  readonly id: EvalRunId = newId('evr');
  readonly tenantId: TenantId;
  readonly setId: EvalSetId;
  /** Who wanted it: it asks with their rights. */
  readonly startedBy: string;
  jobId: JobId | null = null;
  /** Version of what the model is told. */
  readonly prompt: string;
  model = '';
  measures: Summary | null = null;
  each: Measured[] = [];
  cost: string = '0';
  currency = 'USD';
  latencyMsP50: number | null = null;
  latencyMsP95: number | null = null;
  readonly startedAt: Date = new Date();
  finishedAt: Date | null = null;

  private constructor(given: { tenantId: TenantId; setId: EvalSetId; startedBy: string; prompt: string }) {
    super();
    this.tenantId = given.tenantId;
    this.setId = given.setId;
    this.startedBy = given.startedBy;
    this.prompt = given.prompt;
  }
  static begin(given: { tenantId: TenantId; setId: EvalSetId; startedBy: string; prompt: string }): EvalRun {
    return new EvalRun(given);
  }
  begun(jobId: JobId): void {
    this.jobId = jobId;
    this.record(evalRunStarted({ evalRunId: this.id, evalSetId: this.setId, jobId }, { audit: { entityType: 'EvalRun', entityId: this.id } }));
  }
  complete(each: readonly Measured[], by: PaidBy): void {
    this.each = [...each];
    this.measures = summaryOf(each);
    const times = each.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
    [this.latencyMsP50, this.latencyMsP95] = [percentile(times, 0.5), percentile(times, 0.95)];
    this.finishedAt = new Date();
    const usage = this.bill(each, { ...by, spent: each.reduce((all, { spent }) => plus(all, spent), NOTHING) });
    this.record(evalRunCompleted({ evalRunId: this.id, evalSetId: this.setId, questions: each.length }, { audit: { entityType: 'EvalRun', entityId: this.id, after: { ...this.measures } }, usage }));
  }
  /** No budget reaches for more: what was asked is paid for, and measures nothing, for it was not all. */
  stop(each: readonly Measured[], { code, ...by }: PaidBy & { spent: Quantities; code: string }): void {
    this.each = [...each];
    const usage = this.bill(each, by);
    this.record(evalRunStopped({ evalRunId: this.id, evalSetId: this.setId, questions: each.length, code }, { audit: { entityType: 'EvalRun', entityId: this.id }, usage }));
  }

  private bill(each: readonly Measured[], { userId, tariff, spent }: PaidBy & { spent: Quantities }): UsageLine[] {
    this.model = [...new Set(each.map(({ model }) => model))].filter((name) => name !== 'none').join(', ');
    this.cost = worthOf(spent, tariff);
    this.currency = tariff?.currency ?? NOTHING.currency;
    const attributes = { ...(userId && { userId }), model: this.model, holder: this.id, ...(tariff && { plan: tariff.plan }) };
    return linesOf(spent, null).map(({ metric, quantity }) => ({ metric, quantity, attributes: { ...attributes, ...(metric === 'ai.cost' && { currency: NOTHING.currency }) } }));
  }
}

const percentile = (sorted: readonly number[], share: number): number | null => (sorted.length === 0 ? null : Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!));
