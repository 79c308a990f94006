/** Those who follow what becomes of items, for a test. */
import { followAs, type Following } from './following.ts';
import type { Kit } from './services.ts';
import type { Person } from './tenants.ts';

export const FOLLOW = 'subscription($collectionId: ID, $after: String) { itemChanged(collectionId: $collectionId, after: $after) { cursor kind itemId item { id title } } }';

export interface Change { cursor: string; kind: string; itemId: string; item: { id: string; title: string } | null }
type Asked = { collectionId?: string; after?: string };
type Followed = Pick<Kit, 'atlas'>;
export type Follow = (person: Pick<Person, 'viewer'>, asked?: Asked, pause?: () => Promise<void>, of?: Followed) => Following<Change>;

/** Of `kit` where nothing else is said; `leave` ends all that are still there. */
export function followers(kit: () => Followed): { follow: Follow; leave(): Promise<void> } {
  const open: Following<Change>[] = [];
  return {
    follow(person, asked = {}, pause, of = kit()) {
      const following = followAs<Change>(of, 'collections', person.viewer, FOLLOW, { ...asked }, pause);
      open.push(following);
      return following;
    },
    leave: async () => void await Promise.all(open.map((each) => each.leave())),
  };
}
export const ids = ({ got }: Following<Change>): string[] => got.map(({ itemId }) => itemId);
