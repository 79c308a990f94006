/**
 * How an answer is made, step by step. What a step leaves behind is kept before the next begins, so that a run which died
 * goes on from there in another process: the same passages, and after what was said.
 */
import type { AnswerId, CollectionId, ItemId, TenantId } from '../../../platform/ids.ts';
import type { Citation } from './citation.ts';
import type { Passage } from './models.ts';
import type { CacheUse, Reach } from './reach.ts';
import type { Proposal } from './proposal.ts';
import type { Spent } from './usage.ts';

export interface FoundPassage extends Passage { readonly itemId: ItemId; readonly collectionId: CollectionId; readonly tags: readonly string[] }
/** What the model has said, read. */
export interface Draft {
  readonly text: string; readonly answered: boolean; readonly citations: readonly Citation[]; readonly model: string; readonly spent: Spent;
  /** It was made for another question, and is given again. */
  readonly cached?: CacheUse;
  /** What the model found for itself while it spoke, and the items that it proposes. */
  readonly found?: readonly FoundPassage[]; readonly proposals?: readonly Proposal[];
}
export interface Checked extends Draft { readonly confidence: number; readonly cut: number }

/** An answer that is given again; or under which key, and for whom, the one that is made now is kept. */
export interface Recalled { readonly key: string | null; readonly reach: Reach | null; readonly draft: Draft | null; readonly passages: readonly FoundPassage[] }

export interface Steps {
  /** What to look for: the question, made to stand for itself. */
  rewrite(): Promise<string>;
  recall(): Promise<Recalled>;
  retrieve(search: string): Promise<readonly FoundPassage[]>;
  answer(search: string, passages: readonly FoundPassage[]): Promise<Draft>;
  check(draft: Draft, passages: readonly FoundPassage[]): Promise<Checked>;
  save(checked: Checked, passages: readonly FoundPassage[], recalled: Recalled): Promise<void>;
}
export interface Flow {
  /** From the beginning, or from where another left it. */
  run(of: { tenantId: TenantId; answerId: AnswerId }, steps: Steps, signal: AbortSignal): Promise<void>;
  forget(of: { tenantId: TenantId; answerIds: readonly AnswerId[] }): Promise<void>;
}
