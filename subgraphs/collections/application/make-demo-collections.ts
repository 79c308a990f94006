import type { TenantId, UserId } from '../../../platform/ids.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { Collection } from '../domain/collection.ts';
import { Item } from '../domain/item.ts';
import type { Ports } from '../domain/ports.ts';
import type { CollectionRole } from '../domain/role.ts';
import { EVERYONE } from '../domain/share.ts';
import { DEMO_COLLECTIONS, type DemoCollection } from './demo-content.ts';

/** The people of the demonstration come owner, admin, member, guest. */
export interface DemoPlace { tenantId: TenantId; people: readonly UserId[] }
/** What is there to look at, and who of the people has which part in it. */
interface DemoMade { name: string; items: number; shared: string }

/** One that is there by its name is left to whoever looks around in it; one that has nothing in it is filled, all at once. */
export const makeDemoCollections = ({ work }: { work: Work<Ports> }) => async ({ tenantId, people }: DemoPlace): Promise<DemoMade[]> => {
  const scope: Scope = { kind: 'system', id: 'system:collections', userId: null, tenantId };
  for (const wanted of DEMO_COLLECTIONS) {
    const by = people[PLACE[wanted.maker]]!;
    const collectionId = await work(scope, async (ports) => {
      const named = await ports.collections.page({ first: 100, after: null }, { namePrefix: wanted.name });
      return (named.find(({ name }) => name === wanted.name) ?? make(wanted, { tenantId, people, by }, ports)).id;
    });
    await work(scope, async ({ collections, items }) => {
      if ((await collections.itemCounts([collectionId])).get(collectionId)) return;
      for (const content of wanted.items) items.add(Item.create({ tenantId, collectionId, by, content }));
    });
  }
  return DEMO_COLLECTIONS.map(({ name, items, parts, everyone }) => ({ name, items: items.length, shared: sharedText(parts, everyone) }));
};

function make({ name, description, parts, everyone }: DemoCollection, { tenantId, people, by }: DemoPlace & { by: UserId }, { collections, shares }: Ports): Collection {
  const collection = Collection.create({ tenantId, by, terms: { name, description } });
  collections.add(collection);
  for (const [who, role] of Object.entries(parts) as [keyof typeof PLACE, CollectionRole][]) shares.add(collection.share(people[PLACE[who]]!, role, null));
  if (everyone) shares.add(collection.share(EVERYONE, everyone, null));
  return collection;
}

const PLACE = { owner: 0, admin: 1, member: 2, guest: 3 } as const;
const sharedText = (parts: DemoCollection['parts'], everyone: CollectionRole | undefined): string =>
  [...Object.entries(parts), ...(everyone ? [['every member', everyone]] : [])].map(([who, role]) => `${who} ${role}`).join(', ');
