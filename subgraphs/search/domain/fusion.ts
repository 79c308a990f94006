/** Lists that rank the same things by scores that cannot be compared, made one by their ranks (reciprocal rank fusion). */

const K = 60;
/** How much of each list is looked at. */
export const FUSED_MAX = 200;

/** What a place in such a list is worth, whatever put it there. */
export const scoreAt = (place: number): number => 1 / (K + 1 + place);

export interface Fused<Id extends string> { readonly id: Id; readonly score: number }

/** The best first; of equals the smaller id. `weights` stand beside the lists, 1 where none is said. */
export function fuse<Id extends string>(lists: readonly (readonly Id[])[], weights: readonly number[] = []): Fused<Id>[] {
  const scores = new Map<Id, number>();
  lists.forEach((list, which) => {
    const seen = new Set<Id>();
    for (const id of list.slice(0, FUSED_MAX)) {
      if (seen.has(id)) continue;
      seen.add(id);
      scores.set(id, (scores.get(id) ?? 0) + (weights[which] ?? 1) / (K + seen.size));
    }
  });
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
