/** From bytes and the type that they are said to have, to text; each library is loaded when it is needed. */
import { isUtf8 } from 'node:buffer';
import { AtlasError } from '../../../../platform/errors.ts';
import type { ExtractedText } from '../../domain/transfer.ts';

const HEAD_BYTES = 1_024;
const TITLE_CHARS_MAX = 500;
/** Control characters say nothing, and a database takes some of them for an end. */
const UNSAYABLE = /[^\P{Cc}\t\n]/gu;

type Found = { text: string; truncated: boolean; title?: string };
type Reader = (bytes: Buffer, charset: string | undefined, charsMax: number) => Found | Promise<Found>;

const READERS: Readonly<Record<string, Reader>> = {
  'text/plain': (bytes, charset) => ({ text: decoded(bytes, charset), truncated: false }),
  'text/markdown': async (bytes, charset, charsMax) => {
    const { textOfMarkdown } = await import('./markdown-text.ts');
    return textOfMarkdown(decoded(bytes, charset), charsMax);
  },
  'text/html': async (bytes, charset, charsMax) => {
    const { HtmlText } = await import('./html-text.ts');
    return new HtmlText(charsMax).of(decoded(bytes, charset ?? /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(bytes.toString('latin1', 0, HEAD_BYTES))?.[1]));
  },
  'application/pdf': async (bytes, _charset, charsMax) => {
    const { textOfPdf } = await import('./pdf-text.ts');
    return textOfPdf(new Uint8Array(bytes), charsMax);
  },
};

/** `text/html; charset=…` → its reader, or null when no text comes of such a file. */
const kindOf = (type: string): string => type.split(';', 1)[0]!.trim().toLowerCase();
export const isReadable = (type: string): boolean => Object.hasOwn(READERS, kindOf(type));

export async function extractText(bytes: Buffer, type: string, bytesMax: number): Promise<ExtractedText> {
  const kind = kindOf(type);
  const reader = isReadable(type) ? READERS[kind] : undefined;
  if (!reader) throw new AtlasError('FILE_UNREADABLE', 'No text can be taken from a file of this type.');
  if (isPdf(bytes) !== (kind === 'application/pdf')) throw new AtlasError('FILE_UNREADABLE', 'The file is not what its type says.');
  if (kind !== 'application/pdf' && isBinary(bytes)) throw new AtlasError('FILE_UNREADABLE', 'The file is not what its type says: it is not text.');
  const found = await reader(bytes, /charset\s*=\s*["']?([\w-]+)/i.exec(type)?.[1], bytesMax);
  const { text, cut } = bounded(found.text.replaceAll(/\r\n?/g, '\n').replace(UNSAYABLE, '').toWellFormed().trim(), bytesMax);
  const title = found.title?.replace(UNSAYABLE, '').toWellFormed().trim().slice(0, TITLE_CHARS_MAX).toWellFormed();
  return { text, truncated: found.truncated || cut, ...(title && { title }) };
}

/** Readers of PDF allow for some bytes before it begins. */
const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, HEAD_BYTES).includes('%PDF-') && !/^\s*[<#\w]/.test(bytes.toString('latin1', 0, 16));

function isBinary(bytes: Buffer): boolean {
  if (markOf(bytes)) return false;
  return bytes.subarray(0, 8 * HEAD_BYTES).includes(0);
}

const markOf = (bytes: Buffer): string | undefined => (bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined);

/** A mark in the bytes, else what is declared, else UTF-8; what is not UTF-8 is read as browsers read it. */
function decoded(bytes: Buffer, declared: string | undefined): string {
  const charset = markOf(bytes) ?? (isUtf8(bytes) ? 'utf-8' : declared ?? 'windows-1252');
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function bounded(text: string, bytesMax: number): { text: string; cut: boolean } {
  if (text.length * 3 <= bytesMax) return { text, cut: false };
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return { text, cut: false };
  let end = bytesMax;
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return { text: bytes.toString('utf8', 0, end), cut: true };
}
