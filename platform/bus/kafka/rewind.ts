/**
 * Moves the place of a group, whether anybody listens as it or not: a member joins that asks for everything, so that the
 * others stand still (assignment.ts); it says the new places and leaves, and they go on from there.
 */
import type { From } from '../bus.ts';
import { fromPosition } from './places.ts';
import type { KafkaClient, Place, Reader } from './records.ts';

const WITHIN_MS = 30_000;

export interface Rewinding { id: string; group: string; prefix: string; to: From; topics: readonly string[] }

export async function rewind(kafka: KafkaClient, given: Rewinding): Promise<void> {
  const known = await kafka.groupState(given.id);
  const topics = [...new Set([...known.topics, ...given.topics])];
  if (topics.length === 0) throw new Error(`Nobody has ever listened as ${given.group}.`);
  const places = await placesFor(kafka, topics, given);
  let reader: Reader | undefined;
  let timer: NodeJS.Timeout | undefined;
  const moved = new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The group ${given.group} did not stand still within ${WITHIN_MS / 1_000} s; try again, or stop who listens as it.`)), WITHIN_MS);
    reader = kafka.read({
      group: given.id, topics, alone: true, received: () => undefined,
      assigned(spots, commit) {
        if (spots.length > 0) commit(places).then(resolve, reject);
        return places.filter((place) => spots.some(({ topic, partition }) => topic === place.topic && partition === place.partition));
      },
    });
  });
  await moved.finally(() => { clearTimeout(timer); return reader?.stop(); });
}

async function placesFor(kafka: KafkaClient, topics: readonly string[], { to, prefix }: Rewinding): Promise<Place[]> {
  if (typeof to !== 'string' && 'position' in to) return fromPosition(prefix, to.position);
  const offsets = async (topic: string): Promise<number[]> => {
    if (typeof to !== 'string') return kafka.offsetsAt(topic, to.at);
    const { low, high } = await kafka.bounds(topic);
    return to === 'start' ? low : high;
  };
  return (await Promise.all(topics.map(async (topic) => (await offsets(topic)).map((offset, partition) => ({ topic, partition, offset }))))).flat();
}
