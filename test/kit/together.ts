/**
 * One kit for the parts of a suite: a `*.part.test.ts` is run by the suite that imports it, beside others that want the
 * same services, and brings tenants of its own. The first to ask starts them; they stop when the last has let go.
 */
import { startServices, type Kit } from './services.ts';
import type { ServiceName } from '../../platform/service.ts';

const kits = new Map<string, { kit: Promise<Kit>; holders: number }>();

export async function startTogether(names: readonly ServiceName[], given: { env?: Record<string, string> } = {}): Promise<Kit> {
  // Settings of the same names: a port is any port.
  const like = [...names, ...Object.keys(given.env ?? {})].join();
  const one = kits.get(like) ?? { kit: startServices(names, given), holders: 0 };
  kits.set(like, one);
  one.holders += 1;
  // What could not start is not handed to the next suite of this process.
  const kit = await one.kit.catch((error: unknown) => {
    if (kits.get(like) === one) kits.delete(like);
    throw error;
  });
  return {
    ...kit,
    async stop() {
      if ((one.holders -= 1) > 0) return;
      kits.delete(like);
      await kit.stop();
    },
  };
}
