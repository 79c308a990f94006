/**
 * The log of an answer: everything that happens while it is made, in order. Whoever follows it reads the log, and whoever
 * takes up a run that died finds in it what was said. `raw` is the model's own text, which the citing reader is fed with
 * again, and `pieces` in how many it came; what is `held` is shown to nobody before somebody has approved of it.
 */
import type { AnswerId, ApprovalId, ConversationId, ItemId } from '../../../platform/ids.ts';
import type { Lease } from './budgets.ts';
import type { Citation } from './citation.ts';
import type { ModelUsage, Price } from './models.ts';
import type { CacheUse } from './reach.ts';
import type { Used } from './tools.ts';
import type { Spent } from './usage.ts';

export type AnswerEventBody =
  | { readonly kind: 'started'; readonly conversationId: ConversationId }
  | { readonly kind: 'step'; readonly name: string; readonly detail: string | null }
  /** So much more is reserved for it under budgets. */
  | { readonly kind: 'leased'; readonly leases: readonly Lease[] }
  /** A model has put the question into words of its own, or should have; `search` is what is looked for. */
  | { readonly kind: 'rewritten'; readonly search: string; readonly model: string; readonly spent: Spent }
  /** Items of which the model is given passages. */
  | { readonly kind: 'sources'; readonly itemIds: readonly ItemId[] }
  /** What follows was answered before, and nobody is asked again. */
  | { readonly kind: 'recalled'; readonly answerId: AnswerId; readonly model: string; readonly cached: CacheUse }
  /** A model is asked: what it is called, what it costs, and how many tokens it is given, as far as anybody can tell before it says so. */
  | { readonly kind: 'called'; readonly model: string; readonly price: Price; readonly tokens: number }
  /** The model has asked for these to be done, and is asked to go on with what came of them; `spent` by the call that ended so. */
  | { readonly kind: 'used'; readonly uses: readonly Used[]; readonly spent: Spent }
  /** The model is done, and this is what it says to have used by the last call. */
  | { readonly kind: 'spoken'; readonly usage: ModelUsage; readonly answered: boolean }
  | { readonly kind: 'token'; readonly text: string; readonly raw: string; readonly pieces: number }
  | { readonly kind: 'held'; readonly text: string; readonly raw: string; readonly pieces: number }
  /** What was held, and is approved of. */
  | { readonly kind: 'released'; readonly text: string }
  | { readonly kind: 'cited'; readonly citation: Citation; readonly held: boolean }
  | { readonly kind: 'approval'; readonly approvalId: ApprovalId }
  | { readonly kind: 'ended' };

export interface AnswerEvent { readonly seq: number; readonly at: Date; readonly body: AnswerEventBody }
