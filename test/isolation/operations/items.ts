/** Items, their history and their links. */
import { wordsIn, type CollectionState, type ItemState } from '../canaries.ts';
import { mayRead, partAtLeast, partIn, passes, seesItem, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { mutation, only, someCollection, someItem, unseen, type Operation } from './choose.ts';
import { COLLECTION, FLAT_ITEM, ITEM } from './selections.ts';

const mayEdit = (by: Principal, collection: CollectionState): boolean => only(by, passes(by, 'GUEST', 'items:write') && partAtLeast(partIn(by, collection), 'EDITOR'));
const contentOf = (world: World) => ({ title: world.word(), body: `It says ${world.word()}.`, url: `https://example.com/${world.word()}`, tags: [world.word(), 'plain'], metadata: { [world.word()]: world.word(), n: 1 } });

/** A change to one item that whoever edits may make. */
const change = (field: string, weight: number, selection: string, more: (world: World, item: ItemState) => { input?: object; when?: boolean; effect(): void }): Operation => ({
  field: `Mutation.${field}`, weight,
  make(world, by) {
    const item = someItem(world, by);
    if (!item) return null;
    const { input, when = !item.deleted, effect } = more(world, item);
    const [name] = field === 'restoreRevision' ? ['itemId'] : ['id'];
    return {
      document: mutation(field, selection), variables: { input: { [name!]: item.id, ...input } },
      expects: mayEdit(by, item.collection) && when, ...unseen(seesItem(by, item), item.id), effect,
    };
  },
});

export const itemOperations: readonly Operation[] = [
  {
    field: 'Query.item', weight: 10,
    make(world, by) {
      const item = someItem(world, by);
      if (!item) return null;
      const sees = only(by, passes(by, 'GUEST', 'collections:read') && seesItem(by, item));
      return { document: `query($id: ID!) { item(id: $id) { ${ITEM} } }`, variables: { id: item.id }, expects: sees, ...unseen(sees, item.id) };
    },
  },
  {
    field: 'Query.collection', weight: 8,
    // What filters, prefixes and places in other lists tell of items that are not theirs.
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      const word = world.pick(world.canaries.all());
      const theirs = world.canaries.placesOf(word).some((place) => mayRead(by, place, world.tenants, false));
      const filter = world.pick([{ titlePrefix: word }, { tagsAny: [word] }, { tagsAll: ['plain', word] }, { metadata: [{ path: [word], gte: '' }] }, { deleted: true, titlePrefix: word }]);
      return {
        document: `query($id: ID!, $filter: ItemFilter, $kind: String, $after: String) { collection(id: $id) { ${COLLECTION} found: items(first: 10, filter: $filter, after: $after) { pageInfo { hasNextPage } nodes { ${FLAT_ITEM} links(kind: $kind, depth: 3) { nodes { kind item { id title } } } } } } }`,
        variables: { id: collection.id, filter, kind: word, after: world.chance(0.1) && world.cursors.length > 0 ? world.pick(world.cursors) : null },
        ...(!theirs && { hidden: [word, world.word()] as const }),
      };
    },
  },
  {
    field: 'Mutation.createItem', weight: 10,
    make(world, by) {
      const collection = someCollection(world, by);
      if (!collection) return null;
      const content = contentOf(world);
      const mentioned = someItem(world, by);
      return {
        document: mutation('createItem', `item { ${ITEM} }`),
        variables: { input: { collectionId: collection.id, ...content, body: world.chance(0.3) && mentioned ? `${content.body} See ${mentioned.id}` : content.body } },
        expects: mayEdit(by, collection), ...unseen(partIn(by, collection) !== null, collection.id),
        effect({ item: { id } }) {
          const item: ItemState = { id, collection, title: content.title, version: 1, deleted: false };
          world.items.push(item);
          world.canaries.plant(wordsIn(content), { in: 'item', item });
        },
      };
    },
  },
  change('updateItem', 6, `item { ${ITEM} }`, (world, item) => {
    const content = contentOf(world);
    const stale = world.chance(0.1);
    return {
      input: { ...content, expectedVersion: stale ? item.version + 1 : item.version }, when: !item.deleted && !stale,
      effect() {
        Object.assign(item, { title: content.title, version: item.version + 1 });
        world.canaries.plant(wordsIn(content), { in: 'item', item });
      },
    };
  }),
  change('deleteItem', 2, 'itemId', (_, item) => ({ effect() { Object.assign(item, { deleted: true, version: item.version + 1 }); } })),
  change('restoreItem', 2, `item { ${ITEM} }`, (_, item) => ({ when: true, effect() { if (item.deleted) Object.assign(item, { deleted: false, version: item.version + 1 }); } })),
  {
    field: 'Mutation.restoreRevision', weight: 2,
    make(world, by) {
      const item = someItem(world, by);
      if (!item) return null;
      // What it said before is not kept by this model: nothing but that nobody else restores it is looked at, and what it is called then is read.
      return {
        document: mutation('restoreRevision', `item { ${ITEM} }`), variables: { input: { itemId: item.id, version: 1, expectedVersion: item.version } },
        expects: mayEdit(by, item.collection) && !item.deleted, ...unseen(seesItem(by, item), item.id),
        effect({ item: now }) { Object.assign(item, { title: now.title, version: now.version }); },
      };
    },
  },
  ...(['linkItems', 'unlinkItems'] as const).map((field): Operation => ({
    field: `Mutation.${field}`, weight: field === 'linkItems' ? 4 : 1,
    make(world, by) {
      const [from, to] = [someItem(world, by), someItem(world, by)];
      if (!from || !to || from === to) return null;
      const kind = world.word();
      const adds = field === 'linkItems';
      const reaches = !adds || (seesItem(by, to) && !to.deleted && !from.deleted);
      const hidden = !seesItem(by, from) ? unseen(false, from.id) : adds && !seesItem(by, to) ? unseen(false, to.id) : {};
      return {
        document: mutation(field, `item { ${ITEM} }`), variables: { input: { fromId: from.id, toIds: [to.id], kind } },
        expects: mayEdit(by, from.collection) && (adds || seesItem(by, from)) && reaches, ...hidden,
        effect() { if (adds) world.canaries.plant([kind], { in: 'link', from, to: [to] }); },
      };
    },
  })),
];
