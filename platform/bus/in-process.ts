/** Delivery within one process, in order: the bus until events have a log of their own. What no handler here wants is not kept. */
import type { Envelope } from '../event.ts';
import type { Bus, Handler } from './bus.ts';

export function inProcessBus(): Bus {
  const listeners: { types: readonly string[]; handler: Handler }[] = [];
  const wanted = (types: readonly string[], event: Envelope) => types.includes('*') || types.includes(event.type);
  return {
    async publish(events) {
      for (const event of events) {
        for (const { types, handler } of listeners) if (wanted(types, event)) await handler(event);
      }
    },
    group: (_name, types, handler) => void listeners.push({ types, handler }),
    tail: (types, handler) => void listeners.push({ types, handler }),
    close: async () => void listeners.splice(0),
  };
}
