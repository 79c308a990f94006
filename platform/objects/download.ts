/** How a file leaves: to be saved, under its own name, as a type that no browser runs. */
import contentDisposition from 'content-disposition';

/** What can be shown and never runs. Whatever else there is (HTML, SVG, XML, scripts, what nobody knows) is only bytes. */
const HARMLESS = new Set([
  'application/gzip', 'application/json', 'application/pdf', 'application/x-ndjson', 'application/zip',
  'audio/mpeg', 'audio/ogg', 'audio/wav', 'image/avif', 'image/gif', 'image/jpeg', 'image/png', 'image/webp',
  'text/csv', 'text/markdown', 'text/plain', 'video/mp4', 'video/webm',
]);
const NAME_MAX = 200;
/** Control characters end a header; the others turn `gpj.exe` around before a reader's eyes. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function harmlessType(type: string): string {
  const bare = type.split(';')[0]!.trim().toLowerCase();
  if (!HARMLESS.has(bare)) return 'application/octet-stream';
  return bare.startsWith('text/') ? `${bare}; charset=utf-8` : bare;
}

/** `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266): what stands before the last slash is not a name. */
export function asAttachment(name: string): string {
  const last = name.toWellFormed().replace(UNSEEN, '').split(/[\\/]/).at(-1)!.trim().replace(/^\.+/, '');
  return contentDisposition([...last].slice(0, NAME_MAX).join('') || 'file');
}
