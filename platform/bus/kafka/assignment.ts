/**
 * Who of a group reads which partitions: everybody a fair part, in turn. Who says `alone` gets everything, so that the
 * group stands still while its places are moved (rewind.ts).
 */
export interface Member { id: string; topics: readonly string[]; alone: boolean }
export type Share = Record<string, number[]>;

export function shareOut(members: readonly Member[], partitionsOf: (topic: string) => readonly number[]): Map<string, Share> {
  const byId = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const alone = byId.find((member) => member.alone);
  const readers = alone ? [alone] : byId;
  const shares = new Map<string, Share>();
  let turn = 0;
  for (const topic of [...new Set(readers.flatMap(({ topics }) => topics))].sort()) {
    const wanting = readers.filter(({ topics }) => topics.includes(topic));
    for (const partition of [...partitionsOf(topic)].sort((a, b) => a - b)) {
      const { id } = wanting[turn++ % wanting.length]!;
      const share = shares.get(id) ?? {};
      (share[topic] ??= []).push(partition);
      shares.set(id, share);
    }
  }
  return shares;
}
