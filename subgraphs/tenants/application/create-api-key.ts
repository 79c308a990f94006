import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { ApiKey } from '../domain/api-key.ts';
import type { AddressRanges, Ports, Tokens } from '../domain/ports.ts';
import { scopesOf } from '../domain/scopes.ts';
import { notFound, personOf, roleToday, tenantOf } from './act-in-tenant.ts';
import { refuseBelowMember } from './hold-key.ts';
import { addressesOf } from './settle-key-terms.ts';

const LIVE_MAX = 500;

export interface CreateApiKeyInput { name: string; scopes: string[]; collectionIds?: string[] | null; allowedAddresses?: string[] | null; expiresAt?: Date | null; trustedDocumentsOnly?: boolean | null }
export type CreateApiKey = ReturnType<typeof createApiKey>;

/** The secret is answered once and kept by nobody but the caller. */
export const createApiKey = (given: { work: Work<Ports>; tokens: Tokens; ranges: AddressRanges }) => async (viewer: Viewer, input: CreateApiKeyInput): Promise<{ apiKey: ApiKey; secret: string }> => {
  const tenantId = tenantOf(viewer);
  const createdBy = personOf(viewer);
  return given.work(viewer, async (ports) => {
    const role = await roleToday(viewer, ports);
    refuseBelowMember(role);
    const [tenant] = await ports.tenants.byIds([tenantId]);
    if (!tenant) throw notFound();
    if (await ports.apiKeys.live(tenantId) >= LIVE_MAX) throw new AtlasError('LIMIT_REACHED', `A tenant has at most ${LIVE_MAX} keys that are not revoked.`);
    const { text, ...mark } = given.tokens.newKey(tenant);
    const terms = { ...input, scopes: scopesOf(input.scopes, role), allowedAddresses: addressesOf(input.allowedAddresses, given.ranges) };
    const apiKey = ApiKey.create({ tenantId, createdBy, mark, terms });
    ports.apiKeys.add(apiKey);
    return { apiKey, secret: text };
  });
};
