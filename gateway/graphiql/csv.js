/** Rows as CSV (RFC 4180) that no spreadsheet takes for a formula. Plain JavaScript: browsers and tests load the same file. */

/** A text that begins so is run by spreadsheets when the file is opened, wherever it came from; full-width forms count. */
const FORMULA = /^[\s\u0000]*[=+\-@\uff1d\uff0b\uff0d\uff20|\t\r\n]/;

/** Numbers stay numbers, -5 too: only text can be a formula. */
export function cell(value) {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const harmless = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export const toCsv = (columns, rows) => [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');

/** A name for the file that every system takes. */
export const csvName = (path) => `${path.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '').slice(0, 60) || 'result'}.csv`;
