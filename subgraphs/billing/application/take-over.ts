import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Seen } from '../domain/provider-signals.ts';
import { applyProviderState } from './apply-provider-state.ts';
import { selfIn } from './on-tenant-created.ts';

/** What was seen at the provider becomes ours; `wished` when that may have made something to be asked of it. */
export const takeOver = ({ work, now, wished }: { work: Work<Ports>; now: () => Date; wished: () => void }) => async ({ tenantId, ...seen }: Seen): Promise<void> => {
  await work(selfIn(tenantId), (ports) => applyProviderState(ports, { tenantId, ...seen, now: now() }));
  wished();
};
