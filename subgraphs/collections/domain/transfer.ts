/** What comes in and goes out as a file: the shape of a row, what is said of one that is refused, and the ports that read and write. */
import { AtlasError, type ErrorCode } from '../../../platform/errors.ts';
import { JSON_DEPTH_MAX } from './json.ts';

const TRANSFER_FORMATS = ['JSONL', 'CSV', 'MARKDOWN_ZIP'] as const;
export type TransferFormat = (typeof TRANSFER_FORMATS)[number];

/** The longest spelling of the largest item: JSON writes a character in up to six times its bytes, and what went out must come in again. */
export const ROW_BYTES_MAX = 8 * 1_048_576;

/** The form is right; whether the values may be (lengths, addresses, characters) is the item's own rule. */
export interface Row { title: string; body: string; url?: string; tags?: readonly string[]; metadata?: Record<string, unknown> }
export interface ExportedItem extends Row { id: string; version: number; createdAt: Date; updatedAt: Date }

/** `field` says which value of the row it is about, where it is about one. */
export interface Refusal { code: ErrorCode; message: string; field?: string }
/** `at` grows from row to row: bytes of the text, entries of an archive. It is what progress counts and where a later reading goes on. */
interface Place {
  line: number; at: number; name?: string;
  /** What `at` will be at the end, where the file itself says so and its bytes do not. */
  of?: number;
}
/** What is skipped was never meant to be a row (a picture beside the pages): it is said, and refuses nothing. */
export type ReadRow = Place & ({ row: Row } | { refused: Refusal } | { skipped: string });

export type Bytes = AsyncIterable<Uint8Array>;

/**
 * A bad row is told and the rest goes on. A file that cannot be read at all rejects with an AtlasError whose code begins
 * with FILE_. `source` always starts at the beginning; rows up to `after` are passed over and not told again.
 */
export interface RowReader { read(source: Bytes, after?: number): AsyncIterable<ReadRow> }
export interface RowWriter { readonly type: string; readonly extension: string; write(items: AsyncIterable<ExportedItem>): Bytes }
export type RowReaders = Readonly<Record<TransferFormat, RowReader>>;
export type RowWriters = Readonly<Record<TransferFormat, RowWriter>>;

export interface ExtractedText { text: string; truncated: boolean; title?: string }
/** Opens the file when it is wanted, and closes it. Rejects with an AtlasError whose code begins with FILE_ when there is no text to be had, and with the signal's reason. */
export interface TextExtractor { extract(open: () => Promise<Bytes>, type: string, signal: AbortSignal): Promise<ExtractedText> }

const refuse = (sentence: string): never => { throw new AtlasError('INVALID_INPUT', sentence); };
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const KNOWN = new Set(['title', 'body', 'url', 'tags', 'metadata']);
const METADATA = 'metadata.';

/** `Title` and ` title ` are `title`; names that mean nothing here stay as they are. */
export function columnOf(name: string): string {
  const plain = name.trim();
  return KNOWN.has(plain.toLowerCase()) ? plain.toLowerCase() : plain;
}

/** What an export says about where a row came from (`atlas`, `atlas.id` …) is not brought in: a new item has its own. */
const isOrigin = (name: string) => name === 'atlas' || name.startsWith('atlas.');

/** One rule for every format: what is not a field of an item belongs to its metadata. */
export function rowOf(fields: Iterable<readonly [string, unknown]>): Row {
  const known = new Map<string, unknown>();
  const more: [string, unknown][] = [];
  for (const [given, value] of fields) {
    const name = columnOf(given);
    if (isOrigin(name)) continue;
    if (!KNOWN.has(name)) more.push([name.startsWith(METADATA) ? name.slice(METADATA.length) : name, value]);
    else if (known.has(name)) refuse(`"${name}" is there twice.`);
    else known.set(name, value);
  }
  const url = textOf('url', known.get('url'));
  const tags = tagsOf(known.get('tags'));
  const metadata = metadataOf(known.get('metadata'), more);
  return {
    title: textOf('title', known.get('title')) ?? refuse('A row needs a "title".'),
    body: textOf('body', known.get('body')) ?? '',
    ...(url && { url }),
    ...(tags.length > 0 && { tags }),
    ...(metadata && { metadata }),
  };
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : refuse(`"${name}" must be text.`);
}

/** A list, or text: a JSON list, or words parted by semicolons or commas. */
function tagsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value.trim().startsWith('[') ? tagsOf(parsed('tags', value)) : value.split(/[;,]/).map((tag) => tag.trim()).filter(Boolean);
  return Array.isArray(value) && value.every((tag) => typeof tag === 'string') ? value : refuse('"tags" must be a list of texts.');
}

function metadataOf(value: unknown, more: readonly [string, unknown][]): Record<string, unknown> | undefined {
  const given = typeof value === 'string' && value.trim() ? parsed('metadata', value) : value === '' ? undefined : value;
  if (given !== undefined && given !== null && !isObject(given)) return refuse('"metadata" must be a JSON object.');
  const entries = [...Object.entries(given ?? {}), ...more];
  const names = new Set<string>();
  for (const [name] of entries) {
    if (names.has(name)) refuse(`The metadata name "${name}" is there twice.`);
    names.add(name);
  }
  if (entries.length === 0 && !given) return undefined;
  // Made from entries, so that a name like __proto__ stays a name.
  const metadata = Object.fromEntries(entries);
  return depthWithin(metadata, JSON_DEPTH_MAX) ? metadata : refuse(`"metadata" is more than ${JSON_DEPTH_MAX} levels deep.`);
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse(`"${name}" is not JSON.`);
  }
}

/** Level by level: recursion would end with the stack before it ends with an answer. */
function depthWithin(value: unknown, max: number): boolean {
  const isNested = (one: unknown): one is object => typeof one === 'object' && one !== null;
  let level = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > max) return false;
    level = level.flatMap((one) => Object.values(one) as unknown[]).filter(isNested);
  }
  return true;
}

/** What a row's fault is called in the report. Anything else is a fault of ours. */
export function refusalOf(error: unknown): Refusal {
  // Text that cannot be kept stops a request as a whole; of a file it is one row's fault.
  if (!(error instanceof AtlasError) || (error.kind !== 'user' && error.code !== 'TEXT_NOT_ALLOWED')) throw error;
  const field = error.path?.[1];
  return { code: error.code, message: error.message, ...(field !== undefined && { field }) };
}
