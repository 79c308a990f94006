/** Where something in an answer stands: a part of an item's body at one version, exact in UTF-16 units. */
import type { CitationId, ItemId } from '../../../platform/ids.ts';

export interface Citation {
  readonly id: CitationId;
  /** The number that stands in the text as `[n]`. */
  readonly mark: number;
  readonly itemId: ItemId;
  readonly version: number;
  readonly start: number;
  readonly end: number;
  readonly passage: string;
}
