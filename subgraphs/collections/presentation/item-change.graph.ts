import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { ItemChange, ItemChangeKind as Kind } from '../domain/item-change.ts';

export const ItemChangeKind: Record<Kind, Kind> = { CREATED: 'CREATED', UPDATED: 'UPDATED', DELETED: 'DELETED', RESTORED: 'RESTORED' };
registerEnumType(ItemChangeKind, {
  name: 'ItemChangeKind',
  description: 'What became of an item.',
  valuesConfig: {
    CREATED: { description: 'It is new; an import tells this of each of its items.' },
    UPDATED: { description: 'What it says has changed.' },
    DELETED: { description: 'It was deleted; `item` is null for those who could not restore it.' },
    RESTORED: { description: 'It was deleted and is there again.' },
  },
});

@ObjectType('ItemChange', { description: 'That something became of an item.' })
export class ItemChangeType implements Pick<ItemChange, 'kind'> {
  @Field(() => String, { description: 'Where it stands: give it as `after` to go on from here.' }) cursor!: string;
  @Field(() => ItemChangeKind, { description: 'What became of it.' }) kind!: Kind;
  @Field(() => ID, { description: 'The item.' }) itemId!: string;
}
