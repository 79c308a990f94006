/**
 * What a model may ask to be done while it answers, where whoever asks allows it: to look again, to read on, to sum up, and
 * to propose an item. Nothing is done that the asker could not do, and nothing is written before somebody has approved.
 */
import type { CollectionId } from '../../../platform/ids.ts';
import type { FoundPassage } from './flow.ts';
import type { Tool, ToolUse } from './models.ts';
import { BODY_MAX, tagsOf, TITLE_MAX, type Proposal } from './proposal.ts';
import { unlinked } from './unlinked.ts';

export type AskTool = 'SEARCH' | 'READ_ITEM' | 'SUMMARISE_ITEM' | 'DRAFT_ITEM';
/** One use of a tool, and what came of it besides what the model is told. */
export interface Used { readonly use: ToolUse; readonly found: readonly FoundPassage[]; readonly proposal: Proposal | null }

/** After so many rounds a model is asked for nothing but its answer. */
export const ROUNDS_MAX = 4;
export const CALLS_A_ROUND_MAX = 4;
export const PROPOSALS_MAX = 3;

const schema = (properties: Record<string, object>): Tool['input'] => ({ type: 'object', properties, required: Object.keys(properties).filter((name) => name !== 'tags'), additionalProperties: false });
const PASSAGE = { passage: { type: 'integer', description: 'The number of a passage that you were given.' } };
const OFFERS: Readonly<Record<AskTool, Tool>> = {
  SEARCH: { name: 'search', description: 'Looks for more passages. They are numbered on from those that you have.', input: schema({ query: { type: 'string', description: 'What to look for.' } }) },
  READ_ITEM: { name: 'read_item', description: 'Gives more passages of the document that a passage is from.', input: schema(PASSAGE) },
  SUMMARISE_ITEM: { name: 'summarise_item', description: 'Sums up the document that a passage is from.', input: schema(PASSAGE) },
  DRAFT_ITEM: { name: 'draft_item', description: 'Proposes a new document. It is written only once a person has approved of it: go on with your answer meanwhile.', input: schema({ title: { type: 'string' }, body: { type: 'string', description: 'Markdown, without links.' }, tags: { type: 'array', items: { type: 'string' }, description: 'A few words that it would be found by.' } }) },
};

export const offered = (tools: readonly AskTool[]): Tool[] => tools.map((tool) => OFFERS[tool]);
/** Which of the allowed ones a model means; null: it has none that is called so. */
export const toolNamed = (name: string, allowed: readonly AskTool[]): AskTool | null => allowed.find((tool) => OFFERS[tool].name === name) ?? null;

export const textIn = (input: unknown, field: string, max: number): string | null => {
  const value = (input as Record<string, unknown> | null)?.[field];
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, max).toWellFormed() : null;
};
/** The passage that it names; they count from 1. */
export function passageIn(input: unknown, known: readonly FoundPassage[]): FoundPassage | null {
  const value = (input as Record<string, unknown> | null)?.passage;
  return Number.isInteger(value) ? known[Number(value) - 1] ?? null : null;
}

/** What a document told a model to write leads nobody anywhere, were it approved. */
export function proposalOf(input: unknown, collectionId: CollectionId): Proposal | null {
  const [title, body] = [textIn(input, 'title', TITLE_MAX), textIn(input, 'body', BODY_MAX)];
  if (title === null || body === null) return null;
  const line = unlinked(title).replace(/\s+/g, ' ').trim();
  return line === '' ? null : { title: line, body: unlinked(body), tags: tagsIn(input), collectionId, itemId: null, code: null, edited: false };
}
/** Tags that are none are left out: an item is worth as much without them. */
function tagsIn(input: unknown): string[] {
  const tags = (input as { tags?: unknown } | null)?.tags;
  try {
    return Array.isArray(tags) ? tagsOf(tags.filter((tag) => typeof tag === 'string')) : [];
  } catch {
    return [];
  }
}
