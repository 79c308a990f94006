import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { OVERLAP_SECONDS_DEFAULT, type ApiKey } from '../domain/api-key.ts';
import type { Ports, Tokens } from '../domain/ports.ts';
import { scopesOf } from '../domain/scopes.ts';
import { notFound } from './act-in-tenant.ts';
import { holdKey, refuseBelowMember } from './hold-key.ts';

export type RotateApiKey = ReturnType<typeof rotateApiKey>;

/** Whoever rotates holds the new secret, so it must open nothing that they could not have handed out themselves. */
export const rotateApiKey = (given: { work: Work<Ports>; tokens: Tokens }) => (viewer: Viewer, input: { id: string; overlapSeconds?: number | null }): Promise<{ apiKey: ApiKey; secret: string }> =>
  given.work(viewer, async (ports) => {
    const { key, role } = await holdKey(viewer, input.id, ports);
    refuseBelowMember(role);
    scopesOf(key.scopes, role);
    const [tenant] = await ports.tenants.byIds([key.tenantId]);
    if (!tenant) throw notFound('id');
    const { text, ...mark } = given.tokens.newKey(tenant);
    key.rotate(mark, input.overlapSeconds ?? OVERLAP_SECONDS_DEFAULT);
    return { apiKey: key, secret: text };
  });
