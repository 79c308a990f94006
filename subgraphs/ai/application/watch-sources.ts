/** What an answer is made from, and whether whoever follows it may still see all of it. */
import type { CitationId, ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { AnswerEventBody } from '../domain/answer-event.ts';
import type { Knowledge } from '../domain/knowledge.ts';
import { seenOf } from './reveal.ts';

const FRESH_MS = 400;

export interface Sources {
  note(body: AnswerEventBody): void;
  /** Citations of what was lost, each once; what was known a moment ago is not asked again. */
  lost(): Promise<CitationId[]>;
  /** Whether anything that it was made from was lost, cited or not. */
  readonly isBroken: boolean;
}

export function watchSources({ viewer, knowledge }: { viewer: Viewer; knowledge: Knowledge<Viewer> }): Sources {
  const items = new Set<ItemId>();
  const cited = new Map<CitationId, ItemId>();
  const gone = new Set<ItemId>();
  const told = new Set<CitationId>();
  let lookedAt = -Infinity;
  return {
    note(body) {
      if (body.kind === 'sources') for (const id of body.itemIds) items.add(id);
      if (body.kind === 'cited' && !body.held) cited.set(body.citation.id, body.citation.itemId);
    },
    async lost() {
      const now = performance.now();
      if (items.size > gone.size && now - lookedAt >= FRESH_MS) {
        lookedAt = now;
        const seen = await seenOf(viewer, [...items], knowledge);
        for (const id of items) if (!seen.has(id)) gone.add(id);
      }
      const lost = [...cited].filter(([id, itemId]) => gone.has(itemId) && !told.has(id)).map(([id]) => id);
      for (const id of lost) told.add(id);
      return lost;
    },
    get isBroken() { return gone.size > 0; },
  };
}
