import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { AddressRanges, Ports } from '../domain/ports.ts';
import type { CreateApiKeyInput } from './create-api-key.ts';
import { holdKey, refuseBelowMember } from './hold-key.ts';
import { addressesOf, scopesAdded } from './settle-key-terms.ts';

export type UpdateApiKeyInput = { id: string } & { [K in keyof CreateApiKeyInput]?: CreateApiKeyInput[K] | null };
export type UpdateApiKey = ReturnType<typeof updateApiKey>;

/** What is left out stays; null lifts a limit. Whatever is added, the key still does no more than its creator may. */
export const updateApiKey = (given: { work: Work<Ports>; ranges: AddressRanges }) => (viewer: Viewer, input: UpdateApiKeyInput): Promise<{ apiKey: ApiKey }> =>
  given.work(viewer, async (ports) => {
    const { key, role } = await holdKey(viewer, input.id, ports);
    refuseBelowMember(role);
    const { name, collectionIds, expiresAt, trustedDocumentsOnly } = input;
    key.update({ name, collectionIds, expiresAt, trustedDocumentsOnly, ...scopesAdded(input.scopes, role, key.scopes), allowedAddresses: addressesOf(input.allowedAddresses, given.ranges) });
    return { apiKey: key };
  });
