import { parseDecimal } from '../../../platform/decimal.ts';
import { AtlasError } from '../../../platform/errors.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { MeterPorts } from '../domain/meter-ports.ts';
import { UsageRecord } from '../domain/usage-record.ts';

export interface RecordUsageInput { metric: string; quantity: string; at?: Date | null; attributes?: unknown }
export type RecordUsage = ReturnType<typeof recordUsage>;

/** Told like everything that is counted, and counted as that is: what is asked for after it may come a moment before it. */
export const recordUsage = (given: { work: Work<MeterPorts>; now: () => Date }) => async (viewer: Viewer, { metric, quantity, at, attributes }: RecordUsageInput): Promise<{ recordId: string }> => {
  const { tenantId } = viewer;
  if (tenantId === null) throw new AtlasError('TENANT_REQUIRED');
  const exact = parseDecimal(quantity);
  if (exact === null) throw invalid('This is no exact decimal.', 'quantity');
  const record = UsageRecord.of({ metric, quantity: exact, at: at ?? given.now(), attributes: attributes ?? {}, now: given.now() });
  return given.work(viewer, async ({ witness }) => {
    witness(record);
    return { recordId: record.id };
  });
};
