/** How many streams a caller, and all callers together, may follow at once. */
import { AtlasError } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { originOf } from '../policy/origin.ts';

/** Takes a slot, and gives back what frees it. */
export function slots(max: { perCaller: number; inAll: number }): (viewer: Viewer, address: string | null) => () => void {
  const taken = new Map<string, number>();
  let all = 0;
  return (viewer, address) => {
    const name = viewer.kind === 'anonymous' ? `address ${originOf(address)}` : viewer.id;
    const mine = taken.get(name) ?? 0;
    if (mine >= max.perCaller) throw new AtlasError('TOO_MANY_STREAMS', `You may follow ${max.perCaller} streams at once; close one first.`);
    if (all >= max.inAll) throw new AtlasError('OVERLOADED');
    taken.set(name, mine + 1);
    all += 1;
    let free = false;
    return () => {
      if (free) return;
      free = true;
      all -= 1;
      const left = taken.get(name)! - 1;
      if (left > 0) taken.set(name, left);
      else taken.delete(name);
    };
  };
}
