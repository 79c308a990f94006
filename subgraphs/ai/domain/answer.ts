import { Aggregate } from '../../../platform/aggregate.ts';
import { decimal } from '../../../platform/decimal.ts';
import { AtlasError } from '../../../platform/errors.ts';
import type { AuditLine, UsageLine } from '../../../platform/event.ts';
import { isId, newId, type AnswerId, type CollectionId, type ConversationId, type TenantId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import { answerAsked, answerCancelled, answerCompleted, answerFailed, answerRated, answerRejected, answerStopped } from '../events.ts';
import type { Citation } from './citation.ts';
import type { CacheUse } from './reach.ts';
import type { AskTool } from './tools.ts';
import { linesOf, partsOf, worthOf, type Quantities, type Tariff } from './tariff.ts';
import { NOTHING, type Spent } from './usage.ts';

/** WITHHELD is how one is shown to whoever lost what it cites; it is never kept. */
export type AnswerState = 'STREAMING' | 'COMPLETED' | 'AWAITING_APPROVAL' | 'REJECTED' | 'CANCELLED' | 'FAILED' | 'BUDGET_STOPPED';
const RATING_MAX = 5;

export interface Asked { id?: AnswerId; tariff?: Tariff | null; tenantId: TenantId; conversationId: ConversationId; owner: string; question: string; collectionIds: CollectionId[] | null; regenerates?: AnswerId | null; tools?: readonly AskTool[]; draftsIn?: CollectionId | null; prompt: string }
/** What a run made. */
export interface Made { text: string; answered: boolean; citations: readonly Citation[]; model: string; spent: Spent; cached?: CacheUse }

export class Answer extends Aggregate {
  readonly id: AnswerId;
  readonly tenantId: TenantId;
  readonly conversationId: ConversationId;
  /** A person or a key. */
  readonly owner: string;
  readonly question: string;
  readonly collectionIds: CollectionId[] | null;
  readonly regenerates: AnswerId | null;
  /** What its model may use, and where it may propose items. */
  readonly tools: AskTool[];
  readonly draftsIn: CollectionId | null;
  state: AnswerState = 'STREAMING';
  text: string | null = null;
  answered = false;
  citations: Citation[] = [];
  model = '';
  /** Versions of what models are told that it was begun with. */
  prompt: string;
  inputTokens = NOTHING.inputTokens;
  outputTokens = NOTHING.outputTokens;
  /** What the tenant pays by; null: nobody could say. */
  readonly tariff: Tariff | null;
  /** What the model's maker takes, in its own currency. */
  modelCost: string = NOTHING.cost;
  /** What it is worth to whoever pays; what the maker takes, where nobody could say. */
  cost: string = NOTHING.cost;
  currency = NOTHING.currency;
  /** How near the question was whose answer this is; null: it was made for this one. */
  cacheSimilarity: number | null = null;
  savedTokens = 0;
  saved: string = NOTHING.cost;
  /** What it used has been told: nobody pays twice, however it ends. */
  billed = false;
  /** Why it failed. */
  code: string | null = null;
  rating: number | null = null;
  readonly createdAt: Date = new Date();
  finishedAt: Date | null = null;

  private constructor(given: Asked) {
    super();
    this.id = given.id ?? newId('ans');
    this.tariff = given.tariff ?? null;
    this.tenantId = given.tenantId;
    this.conversationId = given.conversationId;
    this.owner = given.owner;
    this.question = given.question;
    this.collectionIds = given.collectionIds;
    this.regenerates = given.regenerates ?? null;
    this.tools = [...given.tools ?? []];
    this.draftsIn = given.draftsIn ?? null;
    this.prompt = given.prompt;
  }

  static ask(given: Asked): Answer {
    const answer = new Answer(given);
    answer.record(answerAsked({ answerId: answer.id, conversationId: answer.conversationId, collectionIds: answer.collectionIds }, { audit: answer.audit() }));
    return answer;
  }

  /** By its model, so far as it has been kept. */
  used(): Quantities { return { inputTokens: this.inputTokens, outputTokens: this.outputTokens, cost: decimal(this.modelCost) }; }
  isOpen(): boolean { return this.state === 'STREAMING' || this.state === 'AWAITING_APPROVAL'; }

  /** The question was put into words of its own by a model that was told this. */
  rewritten(prompt: string): void { this.prompt = `${this.prompt} ${prompt}`; }
  complete(made: Made): void {
    this.keep(made);
    this.end('COMPLETED');
    this.tellCompleted();
  }
  /** It is made, and nobody sees it before somebody has approved of it. What it used is told now: that may be long before. */
  await(made: Made): UsageLine[] {
    this.keep(made);
    this.state = 'AWAITING_APPROVAL';
    return this.bill();
  }
  approve(text: string | null): void {
    if (text !== null) this.text = text;
    this.end('COMPLETED');
    this.tellCompleted();
  }
  reject(): void {
    this.end('REJECTED');
    this.record(answerRejected(this.facts(), { audit: this.audit(), usage: this.bill() }));
  }
  /** What was said so far is kept, and paid for. */
  cancel(made: Made): void {
    if (!this.isOpen()) throw new AtlasError('WRONG_STATE', `It is ${this.state} already.`, { path: ['input', 'id'] });
    if (this.state === 'STREAMING') this.keep(made);
    this.end('CANCELLED');
    this.record(answerCancelled(this.facts(), { audit: this.audit(), usage: this.bill() }));
  }
  fail(code: string, made: Made): void {
    this.keep(made);
    this.code = code;
    this.end('FAILED');
    this.record(answerFailed({ ...this.facts(), code }, { audit: this.audit(), usage: this.bill() }));
  }
  /** No budget reaches for more: what was said so far is kept, and paid for. */
  stop(code: string, made: Made): void {
    this.keep(made);
    this.code = code;
    this.end('BUDGET_STOPPED');
    this.record(answerStopped({ ...this.facts(), code }, { audit: this.audit(), usage: this.bill() }));
  }
  rate(rating: number | null): void {
    if (rating !== null && (!Number.isInteger(rating) || rating < 1 || rating > RATING_MAX)) throw invalid(`From 1 to ${RATING_MAX}.`, 'rating');
    if (this.isOpen()) throw new AtlasError('WRONG_STATE', 'It is not finished yet.', { path: ['input', 'id'] });
    this.rating = rating;
    this.record(answerRated({ answerId: this.id, conversationId: this.conversationId, rating }, { audit: this.audit() }));
  }

  private keep({ text, answered, citations, model, spent, cached }: Made): void {
    this.text = text;
    this.answered = answered;
    this.citations = [...citations];
    this.model = model;
    this.inputTokens = spent.inputTokens;
    this.outputTokens = spent.outputTokens;
    this.modelCost = spent.cost;
    this.cost = worthOf(spent, this.tariff);
    this.currency = this.tariff?.currency ?? cached?.currency ?? spent.currency;
    this.cacheSimilarity = cached?.similarity ?? null;
    this.savedTokens = cached?.savedTokens ?? 0;
    // In another currency than the tenant has now nothing is said to have been saved.
    this.saved = cached && cached.currency === this.currency ? cached.saved : NOTHING.cost;
  }
  private end(state: AnswerState): void {
    this.state = state;
    this.finishedAt = new Date();
  }
  private tellCompleted(): void {
    const itemIds = [...new Set(this.citations.map(({ itemId }) => itemId))];
    const latencyMs = Math.max(0, this.finishedAt!.getTime() - this.createdAt.getTime());
    this.record(answerCompleted({ ...this.facts(), answered: this.answered, itemIds, cached: this.cacheSimilarity !== null, latencyMs }, { audit: this.audit(), usage: this.bill() }));
  }

  /** Once: whoever is asked second is told that there is nothing more. */
  private bill(): UsageLine[] {
    if (this.billed) return [];
    this.billed = true;
    const who: Record<string, string> = isId('key', this.owner) ? { keyId: this.owner } : { userId: this.owner };
    const attributes = { ...who, model: this.model, holder: this.id, ...(this.tariff && { plan: this.tariff.plan }) };
    return partsOf(this.used(), this.collectionIds).flatMap(({ collectionId, ...part }) => linesOf(part, null).map(({ metric, quantity }): UsageLine => ({
      metric, quantity, attributes: { ...attributes, ...(collectionId && { collectionId }), ...(metric === 'ai.cost' && { currency: NOTHING.currency }) },
    })));
  }
  private facts() { return { answerId: this.id, conversationId: this.conversationId, model: this.model }; }
  /** What people ask is theirs: the trail says that they did, and nobody else reads what. */
  private audit(): AuditLine { return { entityType: 'Answer', entityId: this.id }; }
}
