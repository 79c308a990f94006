/** What a ranking is worth to who asked: nDCG@10 with graded gains (2^grade − 1), and how much of what matters is among the first 100. */

export type Grades = ReadonlyMap<string, number>;

const gain = (grade: number): number => 2 ** grade - 1;
const discounted = (gains: readonly number[]): number => gains.reduce((sum, one, at) => sum + one / Math.log2(at + 2), 0);

export function ndcg(ranked: readonly string[], grades: Grades, at = 10): number {
  const best = discounted([...grades.values()].map(gain).sort((a, b) => b - a).slice(0, at));
  return best === 0 ? 0 : discounted(ranked.slice(0, at).map((id) => gain(grades.get(id) ?? 0))) / best;
}

export function recall(ranked: readonly string[], grades: Grades, at = 100): number {
  const relevant = [...grades].filter(([, grade]) => grade > 0).map(([id]) => id);
  const found = new Set(ranked.slice(0, at));
  return relevant.length === 0 ? 0 : relevant.filter((id) => found.has(id)).length / relevant.length;
}

export const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;

/** Reciprocal rank fusion: a place counts, however its list scores. */
export function fused(lists: readonly (readonly string[])[], k = 60): string[] {
  const scores = new Map<string, number>();
  for (const list of lists) list.forEach((id, at) => scores.set(id, (scores.get(id) ?? 0) + 1 / (k + at + 1)));
  return [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id);
}

/** How often chance alone makes a mean difference as large as that of these pairs: signs drawn anew, from a seed. */
export function chanceOf(differences: readonly number[], draws = 10_000, seed = 7): number {
  const seen = Math.abs(mean(differences));
  let state = seed;
  let as = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const sum = differences.reduce((all, one) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return all + (state & 0x80000000 ? one : -one);
    }, 0);
    if (Math.abs(sum / differences.length) >= seen - 1e-12) as += 1;
  }
  return as / draws;
}
