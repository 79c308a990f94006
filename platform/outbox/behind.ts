/** For how long events wait for a group, for whoever answers from what it has heard. Looked at once a second at most, and only while somebody asks. */
import type { Bus } from '../bus/bus.ts';

const LOOK_MS = 1_000;
const PATIENCE_MS = 1_000;

export type BehindMs = (group: string) => Promise<number>;

/** Rejects when the bus does not say. */
export function behindOf(bus: Pick<Bus, 'lag'>): BehindMs {
  let looked: { at: number; lags: Promise<ReadonlyMap<string, number>> } | undefined;
  const look = async (): Promise<ReadonlyMap<string, number>> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('The bus does not say how far its groups are.')), PATIENCE_MS); });
    const lags = await Promise.race([bus.lag(), late]).finally(() => clearTimeout(timer));
    return new Map(lags.map(({ group, waiting, oldestMs }) => [group, waiting === 0 ? 0 : oldestMs]));
  };
  return async (group) => {
    if (!looked || performance.now() - looked.at > LOOK_MS) looked = { at: performance.now(), lags: look() };
    return Math.round((await looked.lags).get(group) ?? 0);
  };
}
