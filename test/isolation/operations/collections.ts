/** Collections, and who has a part in them. */
import type { CollectionState, Part } from '../canaries.ts';
import { mayRead, partAtLeast, partIn, passes, tenantOf } from '../rights.ts';
import { mutation, only, someCollection, unseen, type Operation } from './choose.ts';
import { COLLECTION } from './selections.ts';

const PARTS: readonly Part[] = ['VIEWER', 'EDITOR', 'OWNER'];

export const collectionOperations: readonly Operation[] = [
  {
    field: 'Query.collection', weight: 8,
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      const sees = only(by, passes(by, 'GUEST', 'collections:read') && partIn(by, collection) !== null);
      return { document: `query($id: ID!) { collection(id: $id) { ${COLLECTION} } }`, variables: { id: collection.id }, expects: sees, ...unseen(sees, collection.id) };
    },
  },
  {
    field: 'Query.collections', weight: 8,
    make(world, by) {
      const stolen = world.chance(0.3) && world.cursors.length > 0 ? world.pick(world.cursors) : null;
      const words = world.canaries.all();
      const namePrefix = !stolen && world.chance(0.4) && words.length > 0 ? world.pick(words) : null;
      const known = namePrefix !== null && world.canaries.placesOf(namePrefix).some((place) => mayRead(by, place, world.tenants, false));
      return {
        document: `query($first: Int, $after: String, $filter: CollectionFilter) { collections(first: $first, after: $after, filter: $filter) { pageInfo { hasNextPage endCursor } edges { cursor node { ${COLLECTION} } } } }`,
        variables: { first: 1 + Math.floor(world.random() * 10), after: stolen, filter: namePrefix && { namePrefix } },
        ...(namePrefix && !known && { hidden: [namePrefix, world.word()] as const }),
      };
    },
  },
  {
    field: 'Mutation.createCollection', weight: 5,
    make(world, by) {
      // The same again, with an idempotency key that is somebody else's.
      const earlier = world.chance(0.2) ? world.promises.findLast((one) => one.field === 'createCollection' && one.by !== by && one.by.person !== by.person) : undefined;
      const input = earlier?.input ?? { name: world.word(), description: world.word(), settings: { colour: world.word() } };
      const idempotencyKey = earlier?.key ?? (world.chance(0.5) ? `once-${world.word()}` : undefined);
      if (idempotencyKey && !earlier) world.promises.push({ by, key: idempotencyKey, input, field: 'createCollection' });
      if (earlier) world.promises.splice(world.promises.indexOf(earlier), 1);
      return {
        document: mutation('createCollection', `collection { ${COLLECTION} }`), variables: { input }, idempotencyKey,
        expects: only(by, passes(by, 'MEMBER', 'collections:write') && !by.key?.heldTo),
        effect({ collection: { id } }) {
          if (world.collections.some((other) => other.id === id)) throw new Error(`was answered ${id}, which somebody else made`);
          const maker = (by.key?.creator ?? by.person)!;
          const collection: CollectionState = { id, tenant: tenantOf(by)!, name: input.name as string, shares: new Map([[maker.id, 'OWNER']]), deleted: false };
          world.collections.push(collection);
          world.canaries.plant([input.name, input.description, (input.settings as { colour: string }).colour] as string[], { in: 'collection', collection });
        },
      };
    },
  },
  {
    field: 'Mutation.updateCollection', weight: 3,
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      const [name, description, colour] = [world.word(), world.word(), world.word()];
      return {
        document: mutation('updateCollection', `collection { ${COLLECTION} }`), variables: { input: { id: collection.id, name, description, settings: { [colour]: true } } },
        expects: only(by, passes(by, 'GUEST', 'collections:write') && partAtLeast(partIn(by, collection), 'OWNER')),
        ...unseen(partIn(by, collection) !== null, collection.id),
        effect() {
          collection.name = name;
          world.canaries.plant([name, description, colour], { in: 'collection', collection });
        },
      };
    },
  },
  {
    field: 'Mutation.deleteCollection', weight: 0.6,
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      return {
        document: mutation('deleteCollection', 'collectionId'), variables: { input: { id: collection.id } },
        expects: only(by, passes(by, 'GUEST', 'collections:write') && partAtLeast(partIn(by, collection), 'OWNER')),
        ...unseen(partIn(by, collection) !== null, collection.id),
        effect() { collection.deleted = true; },
      };
    },
  },
  {
    field: 'Mutation.shareCollection', weight: 6,
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      const with_ = world.chance(0.2) ? null : world.pick(world.people);
      const role = world.pick(PARTS);
      const may = passes(by, 'GUEST', 'collections:write') && partAtLeast(partIn(by, collection), 'OWNER');
      const belongs = with_ === null || collection.tenant.members.has(with_.id);
      return {
        document: mutation('shareCollection', 'collection { id name viewerRole } member { everyone role user { id name email } }'),
        variables: { input: { collectionId: collection.id, role, ...(with_ ? { userId: with_.id } : { everyone: true }) } },
        expects: only(by, may && belongs),
        ...(partIn(by, collection) === null ? unseen(false, collection.id) : belongs ? {} : unseen(false, with_.id)),
        effect() { collection.shares.set(with_?.id ?? 'everyone', role); },
      };
    },
  },
  {
    field: 'Mutation.unshareCollection', weight: 3,
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      const who = world.chance(0.2) ? 'everyone' : world.chance(0.7) && collection.shares.size > 0 ? world.pick([...collection.shares.keys()]) : world.pick(world.people).id;
      const part = partIn(by, collection);
      const may = passes(by, 'GUEST', 'collections:write') && partAtLeast(part, who === by.person?.id ? 'VIEWER' : 'OWNER');
      return {
        document: mutation('unshareCollection', 'collection { id name viewerRole }'),
        variables: { input: { collectionId: collection.id, ...(who === 'everyone' ? { everyone: true } : { userId: who }) } },
        expects: only(by, may && collection.shares.has(who)),
        ...unseen(part !== null, collection.id),
        effect() { collection.shares.delete(who); },
      };
    },
  },
];
