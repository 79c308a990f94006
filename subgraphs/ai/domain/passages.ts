/**
 * Cuts what an item says into passages that a model is given and an answer cites: along headings, paragraphs, sentences,
 * in this order, so that each is about one thing. A passage is exactly what stands in the body from its start to its end.
 */
import type { Passage } from './models.ts';
import { sentencesOf, type Span } from './sentences.ts';

export const PASSAGE_MAX = 1_200;
/** An item may be a book: what is behind so many passages of one is for a question of its own. */
const PASSAGES_MAX = 400;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/;

export interface Source { readonly itemId: string; readonly version: number; readonly title: string; readonly body: string }
interface Block extends Span { readonly headings: readonly string[] }

export function passagesOf({ itemId, version, title, body }: Source): Passage[] {
  const passages: Passage[] = [];
  for (const { headings, start, end } of joined(blocksOf(body).flatMap((block) => pieces(body, block)))) {
    if (passages.length >= PASSAGES_MAX) break;
    passages.push({ itemId, version, title, headings, text: body.slice(start, end), start, end });
  }
  return passages;
}

/** Paragraphs, lists, tables and fenced code, each with the headings over it. */
function blocksOf(body: string): Block[] {
  const blocks: Block[] = [];
  const over: string[] = [];
  let from = -1;
  let fence: string | null = null;
  const close = (to: number): void => {
    const text = from === -1 ? '' : body.slice(from, to);
    const lead = text.length - text.trimStart().length;
    if (text.trim() !== '') blocks.push({ headings: over.filter((heading) => heading !== undefined), start: from + lead, end: from + text.trimEnd().length });
    from = -1;
  };
  for (const { text, start } of linesOf(body)) {
    const mark: string | undefined = FENCE.exec(text)?.[1];
    const heading = fence === null ? HEADING.exec(text) : null;
    if (fence !== null) fence = mark?.startsWith(fence) && text.trim() === mark ? null : fence;
    else if (mark) fence = mark;
    if (heading) {
      close(start);
      over.length = heading[1]!.length - 1;
      over[heading[1]!.length - 1] = heading[2]!;
    } else if (fence === null && text.trim() === '') {
      close(start);
    } else if (from === -1) {
      from = start;
    }
  }
  close(body.length);
  return blocks;
}

function* linesOf(body: string): Iterable<{ text: string; start: number }> {
  for (let start = 0; start < body.length;) {
    const at = body.indexOf('\n', start);
    const end = at === -1 ? body.length : at;
    yield { text: body.slice(start, end), start };
    start = end + 1;
  }
}

/** What is too long for a passage, at its line ends and sentences; what has none, between words. */
function pieces(body: string, block: Block): Block[] {
  if (block.end - block.start <= PASSAGE_MAX) return [block];
  const text = body.slice(block.start, block.end);
  const parts = sentencesOf(text, 'end').flatMap((span) => short(text, span)).map(({ start, end }) => ({ headings: block.headings, start: block.start + start, end: block.start + end }));
  return joined(parts);
}

function short(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = [];
  let from = start;
  while (end - from > PASSAGE_MAX) {
    const blank = text.lastIndexOf(' ', from + PASSAGE_MAX);
    let to = blank > from + PASSAGE_MAX / 2 ? blank : from + PASSAGE_MAX;
    if (/[\ud800-\udbff]/.test(text[to - 1]!)) to -= 1;
    spans.push({ start: from, end: to });
    from = to + (text[to] === ' ' ? 1 : 0);
  }
  return [...spans, { start: from, end }];
}

/** Neighbours under one heading, as many as fit. */
function joined(blocks: readonly Block[]): Block[] {
  const out: Block[] = [];
  for (const block of blocks) {
    const last = out.at(-1);
    if (last && block.end - last.start <= PASSAGE_MAX && sameHeadings(last, block)) out[out.length - 1] = { ...last, end: block.end };
    else out.push(block);
  }
  return out;
}
const sameHeadings = (a: Block, b: Block): boolean => a.headings.length === b.headings.length && a.headings.every((heading, at) => heading === b.headings[at]);
