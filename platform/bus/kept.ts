/** Who listens at this moment, so that whoever closes can stop them; who has stopped by itself is forgotten. */
import type { Listening } from './bus.ts';

export interface Kept {
  keep<T extends Listening>(listening: T): T;
  stop(): Promise<void>;
}

export function keepListening(): Kept {
  const open = new Set<Listening>();
  return {
    keep(listening) {
      open.add(listening);
      const { stop } = listening;
      return Object.assign(listening, { stop: async () => { open.delete(listening); await stop(); } });
    },
    stop: async () => void (await Promise.all([...open].map((each) => each.stop()))),
  };
}
