/** A place in several partitions, as one text: `users:0=17,3=5;tenants:1=2`. What it does not name it says nothing about. */
import type { Position } from '../bus.ts';
import type { Place } from './records.ts';

const FORM = /^(?:[a-z-]+:\d+=\d+(?:,\d+=\d+)*)(?:;[a-z-]+:\d+=\d+(?:,\d+=\d+)*)*$/;

export const topicOf = (prefix: string, service: string): string => `${prefix}.${service}.v1`;
const serviceOf = (prefix: string, topic: string): string => topic.slice(prefix.length + 1, -'.v1'.length);

export function toPosition(prefix: string, places: Iterable<Place>): Position {
  const byTopic = new Map<string, string[]>();
  for (const { topic, partition, offset } of places) {
    const entries = byTopic.get(topic) ?? [];
    entries.push(`${partition}=${offset}`);
    byTopic.set(topic, entries);
  }
  return [...byTopic].map(([topic, entries]) => `${serviceOf(prefix, topic)}:${entries.join(',')}`).join(';');
}

export function fromPosition(prefix: string, position: Position): Place[] {
  if (!FORM.test(position)) throw new Error('This is no position of Kafka.');
  return position.split(';').flatMap((part) => {
    const [service, entries] = part.split(':') as [string, string];
    return entries.split(',').map((entry) => {
      const [partition, offset] = entry.split('=').map(Number) as [number, number];
      return { topic: topicOf(prefix, service), partition, offset };
    });
  });
}
