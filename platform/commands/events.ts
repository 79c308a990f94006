/**
 * `npx atlas events …`: what whoever runs Atlas may see and do about events. It starts no service and needs none: beside a
 * running Atlas it works on the same database and bus, and what it asks for is done by the processes that consume.
 */
import type { Bus, From } from '../bus/bus.ts';
import type { DeadLetters } from '../bus/dead-letters.ts';
import { SettingsError, type Settings } from '../config.ts';
import { openLog } from '../log.ts';
import { columns } from './columns.ts';

export const EVENTS_HELP = `atlas events lag    how far behind each consumer is
atlas events dead   the newest events that could not be handled and are set aside
atlas events replay ID|all
                    has one that was set aside tried again now, or all
atlas events rewind GROUP TIME|POSITION|start
                    lets a consumer handle what is kept once more, from there on
`;

const LISTED_MAX = 200;
type Sight = { bus: Bus; deadLetters: DeadLetters };
/** What to print. A refusal is thrown, as one sentence. */
type Deed = (sight: Sight) => Promise<string>;

/** `settings` is asked for once the words are understood. */
export async function runEvents(words: readonly string[], settings: () => Settings): Promise<string> {
  const deed = deedOf(words);
  // Neither a cache nor mail is needed; one that is away must not keep anybody from looking.
  const { REDIS_URL: _, SMTP_URL: __, ...needed } = settings();
  const { openStandIns } = await import('../embedded/stand-ins.ts');
  const standIns = await openStandIns({
    settings: { ...needed, REDIS_URL: undefined, SMTP_URL: undefined }, log: openLog({ level: 'warn', pretty: process.stdout.isTTY }),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    return `${await deed(standIns.shared)}\n`;
  } finally {
    await standIns.close();
  }
}

const lag: Deed = async ({ bus }) => {
  const lags = await bus.lag();
  if (lags.length === 0) return 'Nobody has ever listened.';
  return columns(['group', 'waiting', 'oldest'], lags.map(({ group, waiting, oldestMs }) => [group, String(waiting), waiting === 0 ? '' : `${Math.round(oldestMs / 1_000)} s`]));
};

const dead: Deed = async ({ deadLetters }) => {
  const letters = await deadLetters.list(LISTED_MAX + 1);
  if (letters.length === 0) return 'No event is set aside.';
  const minute = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ');
  const table = columns(['id', 'consumer', 'event', 'tenant', 'set aside', 'tries', 'again', 'code', 'cause'], letters.slice(0, LISTED_MAX).map((letter) => [
    letter.id, letter.consumer, letter.event.id, letter.tenant ?? '', minute(letter.parkedAt), String(letter.tries),
    letter.retryAt ? minute(letter.retryAt) : 'when asked', letter.code, letter.detail.replace(/[\s\p{Cc}]+/gu, ' '),
  ]));
  return letters.length > LISTED_MAX ? `${table}\n\nThese are the newest ${LISTED_MAX}; there are more.` : table;
};

const replay = (id: string): Deed => async ({ deadLetters }) => {
  const count = await deadLetters.replay(id);
  if (count === 0 && id === 'all') return 'No event is set aside.';
  if (count === 0) throw new SettingsError(`No event is set aside as ${id}; npx atlas events dead lists those that are.`);
  return `${count === 1 ? 'One event is' : `${count} events are`} tried again within some seconds, wherever the consumer runs; npx atlas events dead says what is left.`;
};

const rewind = (group: string, to: From): Deed => async ({ bus }) => {
  const groups = (await bus.lag()).map((one) => one.group);
  if (!groups.includes(group)) throw new SettingsError(`Nobody has ever listened as ${group}. ${groups.length > 0 ? `There are: ${groups.join(', ')}.` : 'Nobody has ever listened at all.'}`);
  await bus.rewind(group, to);
  return `${group} handles what is kept once more from there on; what it has done already it does not do twice. npx atlas events lag says how far it is.`;
};

/** By its verb: what it wants to be told, and what it does then. */
const DEEDS: Record<string, { takes: number; what: string; deed: (...given: string[]) => Deed }> = {
  lag: { takes: 0, what: 'nothing more', deed: () => lag },
  dead: { takes: 0, what: 'nothing more', deed: () => dead },
  replay: { takes: 1, what: 'the id of a dead letter, or all', deed: (id) => replay(id!) },
  rewind: { takes: 2, what: 'a group and from where on: a time (2026-01-31T12:00:00Z), a position of the log, or start', deed: (group, place) => rewind(group!, placeOf(place!)) },
};

function deedOf([verb = '', ...given]: readonly string[]): Deed {
  const known = Object.hasOwn(DEEDS, verb) ? DEEDS[verb]! : null;
  if (!known) throw new SettingsError(`${`atlas events ${verb}`.trim()} is nothing that can be done. There are: ${Object.keys(DEEDS).join(', ')}.`);
  if (given.length !== known.takes) throw new SettingsError(`atlas events ${verb} takes ${known.what}.`);
  return known.deed(...given);
}

function placeOf(text: string): From {
  if (text === 'start') return 'start';
  if (/^\d+$/.test(text)) return { position: text };
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : new Date(NaN);
  if (Number.isNaN(at.getTime())) throw new SettingsError(`${text} is neither a time (2026-01-31T12:00:00Z) nor a position of the log nor start.`);
  return { at };
}
