import { AtlasError } from '../../../platform/errors.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { reaches, type TenantRole, type Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { MeterPorts } from '../domain/meter-ports.ts';
import { questionOf, type UsageArgs, type UsageFound, type UsageSum } from '../domain/usage.ts';

export type SeeUsage = ReturnType<typeof seeUsage>;

/** Owners, admins and keys that may see the bill see everything; anybody else what they have used themselves, and no money. */
export const seeUsage = (given: { look: Look<MeterPorts>; now: () => Date }) => async (viewer: Viewer, here: { id: TenantId; role: TenantRole | null }, args: UsageArgs): Promise<UsageFound> => {
  const isWhole = viewer.kind === 'key' || reaches(here.role, 'ADMIN');
  if (!isWhole && (viewer.userId === null || args.by?.length !== 1 || args.by[0] !== 'USER')) {
    throw new AtlasError('FORBIDDEN', 'This needs role ADMIN; what you have used yourself is found with `by: [USER]`.', { missing: 'role ADMIN' });
  }
  const question = questionOf(args, isWhole ? null : viewer.userId, given.now());
  const found = await given.look({ ...viewer, tenantId: here.id }, ({ usages }) => usages.answer(here.id, question));
  return isWhole ? found : withoutMoney(found);
};

const unpriced = (lines: readonly UsageSum[]): UsageSum[] => lines.map((line) => ({ ...line, amount: null, currency: null }));
const withoutMoney = ({ total, series }: UsageFound): UsageFound => ({ total: unpriced(total), series: series.map(({ from, lines }) => ({ from, lines: unpriced(lines) })) });
