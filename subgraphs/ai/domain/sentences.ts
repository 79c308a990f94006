/** Where sentences begin and end, in UTF-16 units of the text. */
export interface Span { readonly start: number; readonly end: number }

const END = /[.!?…]+["'”’»)\]]*(?=\s)|[。！？｡]+[」』”’）]*|\n\s*/gu;
/** A point after these ends no sentence. */
const SHORT = /(?:^|[\s("'“])(?:e\.g|i\.e|cf|vs|etc|approx|no|nos|fig|al|st|dr|mr|mrs|ms|prof|inc|ltd|co|jr|sr|z\.b|bzw|ca|ggf|usw|d\.h|u\.a|vgl|nr|abb|\p{L})$/iu;
/** Marks of a list, a quotation or a heading say nothing themselves. */
const LEAD = /^(?:[\s>]*(?:[-*+•]|\d{1,3}[.)]|#{1,6})\s+|[\s>]+)+/u;

/** The sentences of a text in their order, without the blanks and marks of lists around them. A line end ends one too when `lines` says so; a line that is merely wrapped goes on. */
export function sentencesOf(text: string, lines: 'end' | 'wrap' = 'wrap'): Span[] {
  const found: Span[] = [];
  let from = 0;
  const close = (to: number): void => {
    const span = trimmed(text, from, to);
    if (span) found.push(span);
    from = to;
  };
  for (const match of text.matchAll(END)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('\n') ? lines === 'end' || breaks(text, match.index, end) : !isRow(text, match.index) && !isShort(text, from, match.index, match[0])) close(end);
  }
  close(text.length);
  return found;
}

/** Whether a line end parts: an empty line, or a line that begins something. */
function breaks(text: string, at: number, end: number): boolean {
  return text.indexOf('\n', at + 1) < end && text.indexOf('\n', at + 1) !== -1 || LEAD.test(`${text.slice(end, end + 12)} `) || /^(?:```|~~~|\|)/.test(text.slice(end, end + 3)) || text[at - 1] === '|';
}
/** A row of a table is one sentence, whatever is in its cells. */
const isRow = (text: string, at: number): boolean => text.startsWith('|', text.lastIndexOf('\n', at) + 1);
const isShort = (text: string, from: number, point: number, end: string): boolean => end === '.' && SHORT.test(text.slice(Math.max(from, point - 12), point));

function trimmed(text: string, from: number, to: number): Span | null {
  const piece = text.slice(from, to);
  const lead = LEAD.exec(piece)?.[0].length ?? 0;
  const end = to - (piece.length - piece.trimEnd().length);
  return from + lead < end ? { start: from + lead, end } : null;
}
