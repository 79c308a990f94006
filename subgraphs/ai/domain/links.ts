/**
 * What a model says carries no link: where a reader goes from an answer is to what it cites, never to where a document
 * told the model to send them. Nothing here trusts that text is shown as text: it may be taken as Markdown, as HTML, or
 * by something that makes a link of whatever looks like one.
 */

/** Says nothing to Markdown, next to whatever it comes to stand. */
export const LINK_REMOVED = '‹link removed›';

/** Joiners that scripts and emoji need; everything else that nobody sees is gone before (citing.ts). */
const JOINERS = /\u200c|\u200d|\p{Variation_Selector}/gu;
const ESCAPED = /\\(?=[!-/:-@[-`{-~])/g;
const NUMBERED = /&#(?:x([0-9a-f]{1,32})|([0-9]{1,32}));?/gi;
const NAMED: Readonly<Record<string, string>> = { colon: ':', sol: '/', period: '.', commat: '@', quest: '?', num: '#', lowbar: '_', hyphen: '-', bsol: '\\', excl: '!', lpar: '(', rpar: ')', lsqb: '[', lbrack: '[', rsqb: ']', rbrack: ']', tab: '', newline: '' };
const NAMES = /&([a-z]{3,8});/gi;

const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}])?';
/** What ends so is a file, and no host has such an end. */
const FILES = '(?:[cm]?[jt]sx?|json|ya?ml|toml|txt|html?|s?css|csv|xml|pdf|png|jpe?g|gif|svg|sql|lock|log|env|graphql|proto|java|rb)';
const HOST = `(?:${LABEL}\\.)+(?!${FILES}(?![\\p{L}\\p{N}]))\\p{L}{2,63}`;
/** Of the many ends of hosts, those that are made a link of without more. */
const PLAIN_ENDS = '(?:com|org|info|biz|edu|gov|pro|shop|xyz|io|dev|app|click|link|site|online|top)';

/** Not within the address of a mail, which leads nobody away unasked. */
const BEFORE_HOST = '(?<![\\p{L}\\p{N}/]|@[\\p{L}\\p{N}._-]*)';

const LINKS = [
  /:\/\//u,
  /:\\\\|\\\\[\p{L}\p{N}]/u,
  /(?<![\p{L}\p{N}])www\d{0,3}\.[\p{L}\p{N}]/iu,
  /(?<![\p{L}\p{N}])(?:(?:javascript|vbscript|mailto|xmpp|ftps?|https?|wss?):\S|(?:tel|sms):[+\d]|file:[/\\]|magnet:\?)/iu,
  /(?<![\p{L}\p{N}])data:[\w/+.-]*[,;]/iu,
  new RegExp(`(?<![:\\p{L}\\p{N}])//${LABEL}[./:]`, 'u'),
  new RegExp(`${BEFORE_HOST}${HOST}(?::\\d{1,5})?[/?#]\\S`, 'iu'),
  new RegExp(`${BEFORE_HOST}(?:${LABEL}\\.)+${PLAIN_ENDS}(?![\\p{L}\\p{N}-]|\\.\\p{L})`, 'iu'),
  // In capitals it is what programs are written with.
  new RegExp(`${BEFORE_HOST}(?:${LABEL}\\.)+net(?![\\p{L}\\p{N}-]|\\.\\p{L})`, 'u'),
  /(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?[/?#]\S/u,
  /(?<![\p{L}\p{N}])xn--[a-z0-9-]+\./iu,
];
const LAST_POINTS = /[.,;!?]+$/;

/** Whether a run of text without blanks leads somewhere, or would once it is shown. */
export function leadsSomewhere(run: string): boolean {
  if (run.length < 4) return false;
  return LINKS.some((link) => link.test(run)) || (/[&\\]|\u200c|\u200d|\p{Variation_Selector}/u.test(run) && (LINKS.some((link) => link.test(shown(run))) || LINKS.some((link) => link.test(run.replace(JOINERS, '')))));
}

/** As it would be shown, once what stands for characters is read. */
const shown = (run: string): string => run
  .replace(NUMBERED, (_, hex: string | undefined, plain: string | undefined) => characterOf(hex === undefined ? Number(plain) : Number.parseInt(hex, 16)))
  .replace(NAMES, (whole, name: string) => NAMED[name.toLowerCase()] ?? whole)
  .replace(ESCAPED, '')
  .replace(JOINERS, '');
const characterOf = (code: number): string => (code > 0x1f && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '');

/** A run of text without blanks, as it may be shown. A tag is none once a blank stands in it. */
export function withoutLinks(run: string): string {
  if (leadsSomewhere(run)) return `${LINK_REMOVED}${LAST_POINTS.exec(run)?.[0] ?? ''}`;
  return run.replace(/<(?=[a-z/!?])/gi, '< ');
}
