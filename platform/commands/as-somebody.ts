/** Commands ask services as clients do, by their graphs, in the name of somebody who belongs to a tenant. */
import { AtlasError } from '../errors.ts';
import { newId, type TenantId, type UserId } from '../ids.ts';
import type { SubgraphName } from '../names.ts';
import { withRequest } from '../request.ts';
import type { Service, ServiceName } from '../service.ts';
import { userViewer } from '../viewer.ts';

export type Services = ReadonlyMap<ServiceName, Service>;
export interface Somebody { userId: UserId; tenantId: TenantId | null }
/** The data of an answer without errors, those of a payload included; what it looks like, the document says. */
export type AskAs = <Data>(service: SubgraphName, document: string, variables?: Record<string, unknown>) => Promise<Data>;

export const askAs = (services: Services, { userId, tenantId }: Somebody): AskAs => async <Data>(service: SubgraphName, document: string, variables: Record<string, unknown> = {}) => {
  const viewer = userViewer({ userId, sessionId: null, tenantId, role: tenantId === null ? null : 'OWNER' });
  const info = { requestId: newId('req'), address: null, userAgent: 'atlas', idempotencyKey: null };
  const { data, errors } = await withRequest(info, () => services.get(service)!.graph.answer({ document, variables, viewer }));
  if (errors?.[0]) throw new Error(errors[0].message, { cause: errors[0] });
  for (const payload of Object.values(data ?? {}) as ({ userErrors?: { message: string }[] } | null)[]) if (payload?.userErrors?.[0]) throw new AtlasError('INVALID_INPUT', payload.userErrors[0].message);
  return data as Data;
};
