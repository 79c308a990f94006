/** Answers that may be given again: what has to be equal before anybody compares two questions, and what is kept of one. */
import type { Decimal } from '../../../platform/decimal.ts';
import type { AnswerId, CollectionId, ItemId } from '../../../platform/ids.ts';
import type { Citation } from './citation.ts';
import type { FoundPassage } from './flow.ts';
import type { Reach } from './reach.ts';

export interface Remembered {
  readonly answerId: AnswerId;
  readonly question: string;
  readonly passages: readonly FoundPassage[];
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: Decimal;
  readonly currency: string;
}
export interface RememberedAnswers {
  /** Of this key alone, the newest first. */
  under(key: string, max: number): Promise<Remembered[]>;
  byId(answerId: AnswerId): Promise<Remembered | null>;
  keep(key: string, kept: { answerId: AnswerId; reach: Reach; passages: readonly FoundPassage[] }): Promise<void>;
  /** Those that may have been made from something in this collection; null: all of the tenant. */
  forget(collectionId: CollectionId | null): Promise<void>;
}

/** All that has to be equal but the versions of what it was made from, which are looked at as they are at that moment. The tenant is the row's own. */
export const keyOf = (given: { reach: Reach; collectionIds: readonly CollectionId[] | null; models: readonly string[]; prompt: string }): string => JSON.stringify([
  given.reach.everything, given.reach.everything ? [] : [...given.reach.collectionIds].sort(), given.collectionIds && [...given.collectionIds].sort(), given.models, given.prompt,
]);

/** Whether everything that it was made from, cited or not, is there for the caller as it was then. */
export const isAsThen = (passages: readonly FoundPassage[], versions: ReadonlyMap<ItemId, number>): boolean => passages.every(({ itemId, version }) => versions.get(itemId) === version);
