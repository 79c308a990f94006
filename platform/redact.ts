/**
 * What of people and secrets is in a text goes before the text is written where many read it: addresses of mail, numbers
 * of telephones, accounts and cards, keys and tokens. Numbers that prove what they are (IBAN, cards) are taken by their
 * proof, so that ids and counts stay.
 */

const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.)+[\p{L}\p{N}-]{2,63}/gu;
/** Our own keys and tokens, those of neighbours that settings hold, and what anybody's look like. */
const TOKENS = [
  /\b(?:atl|inv|whsec|sk|pk|rk|ghp|gho|ghs|xox[abprs]|glpat|AKIA|ASIA|AIza)[_-]?[A-Za-z0-9_+/=-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{8,})?/g,
  /(?<=\b(?:Bearer|Basic|Token)\s)[A-Za-z0-9._~+/=-]{8,}/gi,
  /(?<=:\/\/[^\s:/@"']{0,128}:)[^\s@/"']{1,256}(?=@)/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g,
];
const IBAN = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![\p{L}\p{N}])/gu;
const CARD = /(?<![\p{L}\p{N}_.])\d(?:[ -]?\d){12,18}(?![\p{L}\p{N}_]|\.\d)/gu;
/** With its country, or as people write one at home: in groups, after a nought or with the area in brackets. */
const PHONES = [
  /(?<![\p{L}\p{N}_+])(?:\+|00)[1-9](?:[ ()./-]{0,3}\d){7,14}(?![\p{L}\p{N}_])/gu,
  /(?<![\p{L}\p{N}_.:/-])\(0?\d{2,5}\)[ /-]?\d(?:[ /-]?\d){4,9}(?![\p{L}\p{N}_:])/gu,
  /(?<![\p{L}\p{N}_.:/-])0[1-9]\d{1,4}[ /-]\d(?:[ /-]?\d){4,9}(?![\p{L}\p{N}_:.])/gu,
  /(?<![\p{L}\p{N}_.:/-])[2-9]\d{2}[ .-]\d{3}[ .-]\d{4}(?![\p{L}\p{N}_:])/gu,
];

export function redacted(text: string): string {
  let seen = text;
  for (const token of TOKENS) seen = seen.replace(token, '[key]');
  if (seen.includes('@')) seen = seen.replace(EMAIL, '[e-mail]');
  if (!/\d{2}/.test(seen)) return seen;
  seen = seen.replace(IBAN, (found) => ibanIn(found));
  seen = seen.replace(CARD, (found) => (isCard(found) ? '[card]' : found));
  for (const phone of PHONES) seen = seen.replace(phone, '[phone]');
  return seen;
}

const LENGTHS_MIN = 15;
/** What follows it in capitals may have been taken for more of it. */
function ibanIn(found: string): string {
  for (let end = found.length; end >= LENGTHS_MIN; end -= 1) {
    const rest = found.slice(end);
    if ((rest === '' || /^[ -]/.test(rest)) && isIban(found.slice(0, end))) return `[iban]${rest}`;
  }
  return found;
}

/** ISO 7064, mod 97: the rest is one. */
function isIban(found: string): boolean {
  const plain = found.replace(/[ -]/g, '');
  if (plain.length < LENGTHS_MIN || plain.length > 34) return false;
  let rest = 0;
  for (const one of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(one, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Luhn, and a first digit that some card has: times in milliseconds begin with 1. */
function isCard(found: string): boolean {
  const digits = found.replace(/[ -]/g, '');
  if (!/^[2-6]/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((so, digit, at) => so + (at % 2 === 0 ? Number(digit) : Number(digit) * 2 - (Number(digit) > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}

const DEPTH_MAX = 8;
/** Of whatever is logged the texts alone: numbers, names and dates stay what they are. */
export function redactedValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redacted(value);
  if (value === null || typeof value !== 'object' || depth >= DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((one) => redactedValue(one, depth + 1));
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redactedValue(one, depth + 1)]));
}

/** Where the driver and not the server failed, its words come after the statement, values and all, and a dash. */
const STATEMENT = /^\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|SET|WITH|SELECT|INSERT|UPDATE|DELETE|MERGE|LOCK|CREATE|ALTER|DROP|TRUNCATE|COPY|LISTEN|NOTIFY)\b.* - /is;
export const withoutStatement = (message: string): string => message.replace(STATEMENT, '');
