import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import { Payload } from '../../../platform/graph-types.ts';
import { connectionOf, PageArgs } from '../../../platform/page.ts';
import type { LinkItemsInput } from '../application/link-items.ts';
import type { ItemLink, LinkDirection as Direction } from '../domain/link.ts';
import { ItemType } from './item.graph.ts';

const LinkDirection: Record<Direction, Direction> = { OUTGOING: 'OUTGOING', INCOMING: 'INCOMING' };
registerEnumType(LinkDirection, {
  name: 'LinkDirection',
  description: 'Which way a link goes, seen from where the walk came.',
  valuesConfig: { OUTGOING: { description: 'To this item.' }, INCOMING: { description: 'From this item.' } },
});

@ObjectType('ItemLink', { description: 'An item that hangs together with another, and how the walk came to it.' })
export class ItemLinkType implements Pick<ItemLink, 'kind' | 'depth' | 'direction'> {
  @Field(() => String, { description: 'What kind of link led to it: related, mentions, or what those who link call it.' }) kind!: string;
  @Field(() => Int, { description: 'How many links lie between; the fewest there are.' }) depth!: number;
  @Field(() => LinkDirection, { description: 'Which way the last of them goes.' }) direction!: Direction;
}
export const { Connection: ItemLinkConnection, Edge: ItemLinkEdge } = connectionOf<ItemLink>(ItemLinkType, 'ItemLink');

/** Each step looks at thousands of links to answer a few: whoever wants more than the nearest pays for that, whatever comes back. */
const WALK_WEIGHT = 200;

@ArgsType()
export class LinksArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Links of this kind alone, all along the way.' }) kind?: string | null;
  @Cost(WALK_WEIGHT)
  @Field(() => Int, { nullable: true, defaultValue: 1, description: 'How many links to go at most, 1 to 5. Left out it costs nothing, given it is the dearest part.' }) depth?: number | null;
}

@InputType('LinkItemsInput', { description: 'Which items to link.' })
export class LinkItemsInputType implements LinkItemsInput {
  @Field(() => ID, { description: 'Where the links begin: an item that the caller may change.' }) fromId!: string;
  @Field(() => [ID], { description: '1 to 100 items that the caller sees; collections may differ.' }) toIds!: string[];
  @Field(() => String, { nullable: true, description: 'A lower-case word of up to 40 letters, digits and hyphens; related when it is left out. mentions are kept from the ids in bodies too.' }) kind?: string | null;
}
@InputType('UnlinkItemsInput', { description: 'Which links to take away.' })
export class UnlinkItemsInputType implements LinkItemsInput {
  @Field(() => ID, { description: 'Where the links begin.' }) fromId!: string;
  @Field(() => [ID], { description: 'Where they end, 1 to 100.' }) toIds!: string[];
  @Field(() => String, { nullable: true, description: 'Of which kind; related when it is left out.' }) kind?: string | null;
}
@ObjectType('LinkItemsPayload', { description: 'What linkItems did.' })
export class LinkItemsPayload extends Payload {
  @Field(() => ItemType, { nullable: true, description: 'Where the links begin.' }) item!: ItemType | null;
}
@ObjectType('UnlinkItemsPayload', { description: 'What unlinkItems did.' })
export class UnlinkItemsPayload extends Payload {
  @Field(() => ItemType, { nullable: true, description: 'Where the links began.' }) item!: ItemType | null;
}
