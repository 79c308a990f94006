/** Which segments are made one: several that are about as large, or one that is mostly dead. Each document is moved seldom, and there are never many. */
export interface Weighed { readonly id: number; readonly size: number; readonly dead: number }

const TOGETHER = 4;
const SMALLEST = 64;
/** What is larger stays as it is: a segment is moved whole. */
const SIZE_MAX = 250_000;
const DEAD_SHARE_MAX = 0.3;

const living = ({ size, dead }: Weighed): number => size - dead;
const tierOf = (segment: Weighed): number => Math.floor(Math.log(Math.max(living(segment), SMALLEST) / SMALLEST) / Math.log(TOGETHER));

export function mergePlan(segments: readonly Weighed[]): number[] | null {
  const dying = segments.find((segment) => segment.dead > segment.size * DEAD_SHARE_MAX);
  const tiers = new Map<number, Weighed[]>();
  for (const segment of segments) tiers.set(tierOf(segment), [...tiers.get(tierOf(segment)) ?? [], segment]);
  for (const [, tier] of [...tiers].sort(([a], [b]) => a - b)) {
    const small = tier.filter((segment) => living(segment) * TOGETHER <= SIZE_MAX);
    if (small.length >= TOGETHER) return small.slice(0, TOGETHER * 2).map(({ id }) => id);
  }
  return dying ? [dying.id] : null;
}
