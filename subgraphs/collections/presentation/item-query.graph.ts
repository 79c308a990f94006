import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { JsonScalar } from '../../../platform/graph-types.ts';
import type { Direction, ItemFilter, ItemOrder, ItemOrderField, MetadataTerm } from '../domain/item-query.ts';

const OrderField: Record<ItemOrderField, ItemOrderField> = { CREATED_AT: 'CREATED_AT', UPDATED_AT: 'UPDATED_AT', TITLE: 'TITLE' };
registerEnumType(OrderField, {
  name: 'ItemOrderField',
  description: 'What a list of items is ordered by.',
  valuesConfig: {
    CREATED_AT: { description: 'When they were made.' },
    UPDATED_AT: { description: 'When they were last changed. One that changes while the list is read may be passed over, or come again.' },
    TITLE: { description: 'Their titles, upper and lower case alike.' },
  },
});
const OrderDirection: Record<Direction, Direction> = { ASC: 'ASC', DESC: 'DESC' };
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which end of a list comes first.',
  valuesConfig: { ASC: { description: 'The oldest, or the first of the alphabet.' }, DESC: { description: 'The newest, or the last of the alphabet.' } },
});

@InputType('ItemOrder', { description: 'In which order; the newest first when it is left out.' })
export class ItemOrderType implements ItemOrder {
  @Field(() => OrderField, { description: 'What to go by.' }) field!: ItemOrderField;
  @Field(() => OrderDirection, { description: 'Which end comes first.' }) direction!: Direction;
}

@InputType('MetadataFilter', { description: 'What a member of the metadata has to be. All that is said has to be true. Numbers are compared with numbers, texts with texts.' })
class MetadataFilterType implements MetadataTerm {
  @Field(() => [String], { description: 'Its name, or the names from the outside in: ["author", "name"]. A number is a place in a list.' }) path!: string[];
  @Field(() => JsonScalar, { nullable: true, description: 'Equal to this value of any kind; null is the null that JSON has.' }) eq?: unknown;
  @Field(() => JsonScalar, { nullable: true, description: 'Greater than this number or text.' }) gt?: unknown;
  @Field(() => JsonScalar, { nullable: true, description: 'This number or text, or greater.' }) gte?: unknown;
  @Field(() => JsonScalar, { nullable: true, description: 'Less than this number or text.' }) lt?: unknown;
  @Field(() => JsonScalar, { nullable: true, description: 'This number or text, or less.' }) lte?: unknown;
}

@InputType('ItemFilter', { description: 'Which items; all that is said has to be true of them.' })
export class ItemFilterType implements ItemFilter {
  @Field(() => [String], { nullable: true, description: 'Those that carry at least one of these tags; of none, no item.' }) tagsAny?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Those that carry all of these tags.' }) tagsAll?: string[] | null;
  @Field(() => Date, { nullable: true, description: 'Made at this moment or later.' }) createdAfter?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Made before this moment.' }) createdBefore?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Last changed at this moment or later.' }) updatedAfter?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Last changed before this moment.' }) updatedBefore?: Date | null;
  @Field(() => ID, { nullable: true, description: 'Made by this user, or by this key.' }) createdBy?: string | null;
  @Field(() => String, { nullable: true, description: 'Whose title begins so, in upper or lower case; of the title, 200 characters count.' }) titlePrefix?: string | null;
  @Field(() => [MetadataFilterType], { nullable: true, description: 'What is known about it, up to 10 terms.' }) metadata?: MetadataFilterType[] | null;
  @Field(() => Boolean, { nullable: true, description: 'True: those that are deleted and can be restored, for whoever may restore them.' }) deleted?: boolean | null;
}
