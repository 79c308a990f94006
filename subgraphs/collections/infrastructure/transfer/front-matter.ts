/**
 * The names and values that stand before a page. A YAML reader takes longer for a mark than other readers for a line, and
 * longer still for each fault that it finds, while nothing else in the process runs: how much it may be handed is
 * counted first, by its own lexer, which is quick and stops where we stop.
 */
import { isScalar, Lexer, parseDocument, visit, type Document } from 'yaml';
import { AtlasError } from '../../../../platform/errors.ts';
import { columnOf } from '../../domain/transfer.ts';

export type Field = [name: string, value: unknown];

const CHARS_MAX = 262_144;
const MARKS_MAX = 5_000;
/** A line of what this service writes itself, whose metadata may have more names than anybody types. */
const JSON_LINE = /^([a-z]\w*): (.+)$/i;

const refused = (sentence: string, cause?: unknown) => new AtlasError('INVALID_INPUT', sentence, { cause });

export function fieldsOf(text: string): Field[] {
  if (text.length > CHARS_MAX) throw refused(`The front matter is longer than ${CHARS_MAX / 1_024} kB.`);
  return (jsonFields(text) ?? yamlFields(text)).map(([name, one]) => [name, plain(columnOf(name), one)]);
}

/** Null unless every value is JSON, which means the same to a YAML reader. */
function jsonFields(text: string): Field[] | null {
  const fields: Field[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name, json] = JSON_LINE.exec(line) ?? [];
    if (name === undefined) return null;
    try {
      fields.push([name, JSON.parse(json!) as unknown]);
    } catch {
      return null;
    }
  }
  return fields;
}

function yamlFields(text: string): Field[] {
  let marks = 0;
  for (const _ of new Lexer().lex(text)) if ((marks += 1) > MARKS_MAX) throw refused(`The front matter holds more than ${MARKS_MAX} names, values and marks.`);
  const value = parsed(text);
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw refused('The front matter must be a list of names and values.');
  return Object.entries(value);
}

function parsed(text: string): unknown {
  try {
    // To find names that are there twice the reader would hold each against all others.
    const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false, uniqueKeys: false });
    const [error] = document.errors;
    if (error) throw error;
    checkNames(document);
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    if (cause instanceof AtlasError) throw cause;
    throw refused('The front matter is not YAML.', cause);
  }
}

/** Each name once, and a text: the reader would spell out a name that is itself a list or a map, each depth anew. */
function checkNames(document: Document): void {
  visit(document, { Map(_, { items }) {
    const names = new Set<string>();
    for (const { key } of items) {
      if (!isScalar(key)) throw refused('The front matter has a name that is no text.');
      const name = String(key.value);
      if (names.has(name)) throw refused(`The front matter has the name "${name}" twice.`);
      names.add(name);
    }
  } });
}

/** `title: 2024` means the text, and tags are texts whatever YAML takes them for. */
function plain(name: string, value: unknown): unknown {
  const scalar = (one: unknown) => (typeof one === 'number' || typeof one === 'boolean' ? String(one) : one);
  if (name === 'title' || name === 'url') return scalar(value);
  if (name === 'tags') return Array.isArray(value) ? value.map(scalar) : scalar(value);
  return value;
}
