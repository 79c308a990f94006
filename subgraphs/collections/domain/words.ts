/** The texts and addresses of collections and items. What a line is stands in the platform; these may be longer. */
import { AtlasError } from '../../../platform/errors.ts';
import { invalid } from '../../../platform/text.ts';

/** A database refuses the first and silently changes the others. */
const UNKEEPABLE = /\0|\p{Cs}/u;
export function refuseUnkeepable(text: string, path: readonly string[]): void {
  if (UNKEEPABLE.test(text)) throw new AtlasError('TEXT_NOT_ALLOWED', undefined, { path });
}

/** Text of several lines, as it was typed: Markdown may mean something by every blank. */
export function textOf(text: string, field: string, { charactersMax, bytesMax = Infinity }: { charactersMax?: number; bytesMax?: number }): string {
  refuseUnkeepable(text, ['input', field]);
  if (charactersMax !== undefined && [...text].length > charactersMax) throw invalid(`At most ${charactersMax} characters.`, field);
  if (text.length * 3 > bytesMax && bytesOf(text) > bytesMax) throw invalid(`At most ${bytesMax} bytes of UTF-8.`, field);
  return text;
}

/** Without an encoder, which the domain does not have: the bytes of UTF-8. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3; // halves of a pair make four together
  }
  return bytes;
}

const URL_MAX = 2_000;

export function urlOf(typed: string, field = 'url'): string {
  const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.href.length > URL_MAX) throw invalid(`An http:// or https:// address of at most ${URL_MAX} characters.`, field);
  if (url.username || url.password) throw invalid('An address without user name and password: others will read it.', field);
  return url.href;
}

const TAG_MAX = 100;
const TAGS_MAX = 50;
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}‪-‮⁦-⁩]/u;

/** Each once, in the order of the alphabet; upper and lower case are different tags. */
export function tagsOf(typed: readonly string[], field = 'tags'): string[] {
  const tags = typed.map((tag, at) => {
    const line = tag.normalize('NFC').trim();
    if (line.length === 0 || [...line].length > TAG_MAX || UNSEEN.test(line)) throw invalid(`A tag is one line of 1 to ${TAG_MAX} characters.`, field, String(at));
    return line;
  });
  const unique = [...new Set(tags)].sort();
  if (unique.length > TAGS_MAX) throw invalid(`At most ${TAGS_MAX} tags.`, field);
  return unique;
}
