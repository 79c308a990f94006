/** A sentence as it is said: without what Markdown would make of it, on one line. */

const CELLS = /^\s*\|.*\|\s*$/;
const RULE = /^[\s|:-]+$/;
/** What a document numbers so would be taken for a citation. */
const MARKS = /\[(\^?\s*\d[\d\s,;]*|none)\]|【([^】]*)】/gi;

export function plainOf(text: string): string {
  return text.split('\n').filter((line) => !RULE.test(line) || line.trim() === '').map(lineOf).join(' ')
    .replace(/!\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])/g, '')
    .replace(/\[([^\]\n]+)\]\([^)\n]*\)/g, '$1')
    .replace(MARKS, (_, one: string | undefined, other: string | undefined) => `(${one ?? other ?? ''})`)
    .replace(/(\*\*|__|~~|`+)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/\s+/g, ' ').trim();
}

function lineOf(line: string): string {
  if (!CELLS.test(line)) return line.replace(/^\s*(?:>\s*)*(?:[-*+•]\s+|\d{1,3}[.)]\s+|#{1,6}\s+)?/, '');
  return line.trim().slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim()).filter(Boolean).join(' – ');
}
