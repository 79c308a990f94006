import { systemScope } from './heed-signals.ts';
import type { ProviderSignals, SignalPorts } from '../domain/provider-signals.ts';
import type { Work } from '../../../platform/work.ts';

export type ReceiveSignal = (payload: string, signature: string) => Promise<void>;

/** Resolves once it is kept: only then may the provider hear that it need not tell it again. */
export const receiveSignal = ({ work, signals, kept }: { work: Work<SignalPorts>; signals: ProviderSignals; kept: () => void }): ReceiveSignal =>
  async (payload, signature) => {
    const signal = signals.read(payload, signature);
    const isNew = await work(systemScope, async ({ lanes }) => {
      const first = await lanes.keep(signal);
      if (first && signal.subject) await lanes.wake([signal.subject]);
      return first;
    });
    if (isNew && signal.subject) kept();
  };
