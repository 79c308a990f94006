import { AtlasError } from '../../../platform/errors.ts';
import type { CollectionId, ItemId } from '../../../platform/ids.ts';
import { invalid, lineOf } from '../../../platform/text.ts';
import { textWithin } from './question.ts';
import { unlinked } from './unlinked.ts';

/** An item that a model proposes; once it is written, or cannot be, it says so. */
export interface Proposal {
  readonly title: string; readonly body: string; readonly tags: readonly string[]; readonly collectionId: CollectionId; readonly itemId: ItemId | null; readonly code: string | null;
  /** Whoever approved of it changed what the model had proposed. */
  readonly edited: boolean;
}
/** What whoever approves has instead; what is left out stays. They count from 0. */
export interface DraftEdit { readonly index: number; readonly title?: string | null; readonly body?: string | null; readonly tags?: readonly string[] | null }

export const TITLE_MAX = 300;
export const BODY_MAX = 20_000;
const TAG_MAX = 100;
const TAGS_MAX = 20;

/** As they are left, and the names of what was changed. */
export function editedProposals(proposals: readonly Proposal[], edits: readonly DraftEdit[]): { proposals: Proposal[]; changed: string[] } {
  const left = [...proposals];
  const changed: string[] = [];
  for (const [at, edit] of edits.entries()) {
    const before = proposals[edit.index];
    if (!before) throw invalid(`There are ${proposals.length}, counted from 0.`, 'drafts', String(at), 'index');
    if (edits.findIndex(({ index }) => index === edit.index) !== at) throw invalid('Each at most once.', 'drafts', String(at), 'index');
    const after = editedProposal(before, edit, at);
    const fields = (['title', 'body', 'tags'] as const).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
    left[edit.index] = { ...after, edited: fields.length > 0 };
    changed.push(...fields.map((field) => `drafts.${edit.index}.${field}`));
  }
  return { proposals: left, changed };
}

/** What an editor pasted leads nowhere either: it is shown as what a model proposed. */
function editedProposal(before: Proposal, { title, body, tags }: DraftEdit, at: number): Proposal {
  const left = <T>(field: string, read: (field: string) => T): T => {
    try {
      return read(field);
    } catch (error) {
      throw error instanceof AtlasError ? invalid(error.message, 'drafts', String(at), field) : error;
    }
  };
  return {
    ...before,
    ...(title != null && { title: left('title', (field) => lineOf(unlinked(lineOf(title, field, TITLE_MAX)), field, TITLE_MAX)) }),
    ...(body != null && { body: left('body', (field) => textWithin(unlinked(textWithin(body, field, BODY_MAX)), field, BODY_MAX)) }),
    ...(tags != null && { tags: left('tags', (field) => tagsOf(tags, field)) }),
  };
}

export function tagsOf(typed: readonly string[], field = 'tags'): string[] {
  if (typed.length > TAGS_MAX) throw invalid(`At most ${TAGS_MAX} tags.`, field);
  return [...new Set(typed.map((tag) => lineOf(unlinked(lineOf(tag, field, TAG_MAX)), field, TAG_MAX)))].sort();
}
