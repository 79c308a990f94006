/**
 * A query as a link. It travels after the #, which no browser sends to a server, and holds the document and its
 * variables alone: who follows it asks as themselves.
 */
const BYTES_MAX = 100_000;
const PREFIX = '#query=';

export function encodeShare({ query, variables }) {
  const bytes = new TextEncoder().encode(JSON.stringify({ query, ...(variables && { variables }) }));
  if (bytes.length > BYTES_MAX) return null;
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return PREFIX + btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Null for whatever is not such a link: it may have been written by anybody. */
export function decodeShare(hash) {
  if (!hash.startsWith(PREFIX) || hash.length > BYTES_MAX * 2) return null;
  try {
    const text = atob(hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (each) => each.charCodeAt(0));
    return asOperation(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

/** Of anything that was read, only what may come in: texts, and nothing else. */
export function asOperation(read) {
  if (read === null || typeof read !== 'object' || typeof read.query !== 'string' || read.query === '') return null;
  return { query: read.query, variables: typeof read.variables === 'string' ? read.variables : '' };
}
