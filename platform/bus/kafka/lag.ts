/** How far behind each group is. What it has yet to look at counts, also what will turn out not to concern it. */
import type { Lag } from '../bus.ts';
import { nameOf, type Bounds, type KafkaClient, type Place } from './records.ts';

/** A broker can say where a time begins and not how old an event is: the age is looked for in steps, and never told too low. */
const STEPS_MS = [100, 250, 500, 1_000, 2_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000, 3 * 24 * 3_600_000, 7 * 24 * 3_600_000];

interface Behind { group: string; waiting: number; oldest: Place[] }

export async function lagOf(kafka: KafkaClient, prefix: string): Promise<Lag[]> {
  const now = Date.now();
  const bounds = new Map<string, Promise<Bounds>>();
  const boundsOf = (topic: string) => bounds.get(topic) ?? bounds.set(topic, kafka.bounds(topic)).get(topic)!;
  const groups = await Promise.all((await kafka.groups(prefix)).map(async (group): Promise<Behind> => {
    const { topics, committed } = await kafka.groupState(group);
    const places = new Map(committed.map((place) => [nameOf(place), place.offset]));
    const behind = await Promise.all(topics.map(async (topic) => {
      const { low, high } = await boundsOf(topic);
      return high.map((end, partition) => ({ topic, partition, offset: Math.max(low[partition]!, places.get(nameOf({ topic, partition })) ?? 0), end }));
    }));
    const open = behind.flat().filter(({ offset, end }) => offset < end);
    return { group: group.slice(prefix.length), waiting: open.reduce((sum, { offset, end }) => sum + end - offset, 0), oldest: open };
  }));
  return Promise.all(groups.sort((a, b) => (a.group < b.group ? -1 : 1)).map(async ({ group, waiting, oldest }) => ({ group, waiting, oldestMs: await ageOf(kafka, oldest, now) })));
}

async function ageOf(kafka: KafkaClient, oldest: readonly Place[], now: number): Promise<number> {
  if (oldest.length === 0) return 0;
  const topics = [...new Set(oldest.map(({ topic }) => topic))];
  for (const step of STEPS_MS) {
    const begins = new Map(await Promise.all(topics.map(async (topic) => [topic, await kafka.offsetsAt(topic, new Date(now - step))] as const)));
    if (oldest.every(({ topic, partition, offset }) => offset >= begins.get(topic)![partition]!)) return step;
  }
  return Infinity;
}
