/** What two persons share is known by the tenants service: it is asked as the caller, so it answers for the caller alone. */
import type { Ask } from '../../../platform/ask.ts';
import type { UserId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Relation, Relations } from '../domain/relation.ts';

const RELATIONS = 'query Relations($ids: [ID!]!) { relations(userIds: $ids) { userId kind } }';

export const askedRelations = (ask: Ask): Relations<Viewer> => ({
  async between(viewer, ids) {
    // Whoever has not signed in shares nothing with anybody, and a service sees people for what it was asked only.
    if (viewer.kind !== 'user' && viewer.kind !== 'key') return new Map();
    const { relations } = (await ask('tenants', { document: RELATIONS, variables: { ids } }, viewer)) as { relations?: { userId: UserId; kind: Relation }[] | null };
    return new Map((relations ?? []).map(({ userId, kind }) => [userId, kind]));
  },
});
