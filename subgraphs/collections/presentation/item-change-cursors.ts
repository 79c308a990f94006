/**
 * Cursors of followed changes. Sealed and not only marked: a place in the log counts what happens in every tenant. Each
 * belongs to one tenant, and to one collection or to all of them.
 */
import { AtlasError } from '../../../platform/errors.ts';
import type { Secret } from '../../../platform/secret.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { FollowItemChanges } from '../application/follow-item-changes.ts';
import type { ChangePlace, ItemChange } from '../domain/item-change.ts';

export type ItemChangeWithCursor = ItemChange & { cursor: string };
export type FollowByCursor = (viewer: Viewer, following: { collectionId: string | null; after: string | null; signal: AbortSignal }) => Promise<AsyncIterable<ItemChangeWithCursor>>;

export const followByCursor = (follow: FollowItemChanges, secret: Secret): FollowByCursor => async (viewer, { after, ...following }) => {
  const purpose = `cursor:item changes ${viewer.tenantId} ${following.collectionId ?? 'all'}`;
  const changes = await follow(viewer, { ...following, after: after === null ? null : placeIn(secret.open(purpose, after)) });
  return withCursors(changes, (place) => secret.seal(purpose, textOf(place)));
};

async function* withCursors(changes: AsyncIterable<ItemChange>, seal: (place: ChangePlace) => string): AsyncGenerator<ItemChangeWithCursor, void, undefined> {
  for await (const change of changes) yield { ...change, cursor: seal(change.place) };
}

const textOf = ({ position, told }: ChangePlace): string => (told === null ? `${position}` : `${position} ${told}`);

function placeIn(text: string | null): ChangePlace {
  if (text === null) throw new AtlasError('CURSOR_INVALID', 'The cursor was not made by this subscription.');
  const [position, told] = text.split(' ').map(Number) as [number, number?];
  return { position, told: told ?? null };
}
