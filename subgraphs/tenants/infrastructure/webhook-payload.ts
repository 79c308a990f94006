import { toCloudEvent } from '../../../platform/cloud-event.ts';
import type { Envelope } from '../../../platform/event.ts';
import type { PayloadOf } from '../domain/webhook-ports.ts';

export const webhookPayload: PayloadOf = (event, format) => JSON.stringify(format === 'SLACK' ? sentence(event) : told(event));

/** Without what Atlas keeps for its audit and its bills: a receiver is told what happened, not how it is counted. */
function told(event: Envelope): object {
  const { data, ...about } = toCloudEvent(event);
  return { ...about, data: { body: data.body } };
}

/** What a thing is called, in the facts that have such a thing; the first that is there. */
const NAMES = ['title', 'name', 'email', 'host', 'slug'] as const;
const NAME_MAX = 150;

/**
 * `{ text }`, as incoming webhooks of Slack take it: what happened, to what, by whom and when. The id leads to all else.
 * Nothing in it is markup or a mention, whatever an item is called.
 */
function sentence({ type, subject, actor, at, body }: Envelope): object {
  const facts = body as Record<string, unknown>;
  const name = NAMES.map((key) => facts[key]).find((value): value is string => typeof value === 'string' && value !== '');
  const what = type.slice(type.indexOf('.') + 1).replaceAll('-', ' ');
  const when = `<!date^${Math.floor(Date.parse(at) / 1_000)}^{date_short_pretty} {time}|${at}>`;
  return { text: `*${what[0]!.toUpperCase()}${what.slice(1)}*${name === undefined ? '' : `: ${plain(name)}`}\n${type} · ${subject} · ${actor.kind} ${actor.id} · ${when}` };
}

/** Slack reads <, > and & as its own signs, and * _ ~ ` as markup: the first are written as it asks, the others kept from beginning anything. */
const plain = (text: string): string => {
  const line = text.replace(/\s+/gu, ' ');
  const short = [...line].length > NAME_MAX ? `${[...line].slice(0, NAME_MAX).join('')}…` : line;
  return short.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/[*_~`]/g, '\u200b$&');
};
