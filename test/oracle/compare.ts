/**
 * When two answers are the same. Data: to the letter. Errors: where null spreads, an engine need only tell one of the
 * errors behind it, so what is compared is which nulls are explained, and that nothing is told that did not happen.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Path } from './monolith.ts';
import type { Outcome } from './world.ts';

export interface Judgement { expected: Outcome; possible: readonly { path: Path; message: string | null }[] }

const spelled = (path: Path): string => path.join('.');

/** The place in the data where an error became visible: the null that it explains. */
export function visibleAt(path: Path, data: unknown): string {
  let at = data;
  for (const [index, step] of path.entries()) {
    if (at === null || at === undefined) return spelled(path.slice(0, index));
    at = (at as Record<string | number, unknown>)[step];
  }
  return spelled(path);
}

const explained = (outcome: Outcome): Set<string> => new Set((outcome.errors ?? []).map((error) => visibleAt(error.path ?? [], outcome.data)));

/** Why an answer is not what the monolith says, or nothing. `strict` also holds each error to the paths that are possible. */
export function difference(judged: Judgement, outcome: Outcome, strict: boolean): string | null {
  const { expected, possible } = judged;
  const [wanted, given] = [plain(expected.data), plain(outcome.data)];
  if (!isDeepStrictEqual(wanted, given)) return `data ${JSON.stringify(given)}\n  instead of ${JSON.stringify(wanted)}${said(outcome)}`;
  // Keys come in the order in which they were asked for, as the specification says.
  if (strict && JSON.stringify(wanted) !== JSON.stringify(given)) return `keys in another order: ${JSON.stringify(given)}\n  instead of ${JSON.stringify(wanted)}`;
  const [must, does] = [explained(expected), explained(outcome)];
  for (const place of does) if (!must.has(place)) return `an error at "${place}" that nobody else has${said(outcome)}`;
  if (!strict) return null;
  for (const place of must) if (!does.has(place)) return `no error for the null at "${place}"${said(outcome)}`;
  const allowed = new Map<string, string | null>();
  for (const { path, message } of possible) allowed.set(spelled(path), message);
  const told = new Set<string>();
  for (const error of outcome.errors ?? []) {
    const path = spelled(error.path ?? []);
    if (!allowed.has(path) && (expected.data !== undefined)) return `an error at "${path}", where none is possible${said(outcome)}`;
    if (told.has(path)) return `two errors at "${path}"${said(outcome)}`;
    told.add(path);
  }
  return null;
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const said = ({ errors }: Outcome): string => (errors ? `\n  errors ${JSON.stringify(errors.map(({ message, path }) => ({ message, path })))}` : '');
