import { Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { JsonScalar } from '../../../platform/graph-types.ts';
import { PageInfo } from '../../../platform/page.ts';
import type { FacetField } from '../domain/ports.ts';
import type { SearchFilter, SearchMode as Mode } from '../domain/search.ts';
import type { IndexState as State } from '../application/see-index-states.ts';

export const SearchMode: Record<Mode, Mode> = { KEYWORD: 'KEYWORD', SEMANTIC: 'SEMANTIC', HYBRID: 'HYBRID' };
registerEnumType(SearchMode, {
  name: 'SearchMode',
  description: 'What makes an item fit a question.',
  valuesConfig: {
    KEYWORD: { description: 'The words of the question, in any of their forms.' },
    SEMANTIC: { description: 'What the question means, whichever words say it.' },
    HYBRID: { description: 'Both: what is high in either list.' },
  },
});
export const IndexState: Record<State, State> = { INDEXING: 'INDEXING', INDEXED: 'INDEXED', FAILED: 'FAILED' };
registerEnumType(IndexState, {
  name: 'IndexState',
  description: 'How far search is with an item.',
  valuesConfig: {
    INDEXING: { description: 'It is found as it was before, or not at all, for another moment.' },
    INDEXED: { description: 'It is found as it is.' },
    FAILED: { description: 'The last attempt to read it failed; it is made again.' },
  },
});

/** What an item says, collections knows: here it is an id, and what has to be known of it to say how far search is. */
@Directive('@key(fields: "id")')
@ObjectType('Item', { description: 'A piece of knowledge: a text, with what is known about it.' })
export class ItemStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
  @Directive('@external')
  @Field(() => Int, { description: 'Grows by one with every change; updateItem wants it back.' }) version!: number;
  @Directive('@external')
  @Field(() => Date, { nullable: true, description: 'Since when it is deleted; shown to those alone who could restore it.' }) deletedAt!: Date | null;
}

@ObjectType('TextRange', { description: 'A part of a text: what is marked in it.' })
export class TextRangeType {
  @Field(() => Int, { description: 'Where it begins, counted in units of UTF-16 as JavaScript counts them.' }) start!: number;
  @Field(() => Int, { description: 'Where it ends: the first that is no longer in it.' }) end!: number;
}
@ObjectType('Highlight', { description: 'A passage in which the question is found. It is plain text and never markup: show it as such.' })
export class HighlightType {
  @Field(() => String, { description: 'Where it stands: title, tags, body or attachments.' }) field!: string;
  @Field(() => String, { description: 'The passage.' }) text!: string;
  @Field(() => [TextRangeType], { description: 'What of it fits the question.' }) ranges!: TextRangeType[];
}
@ObjectType('SearchHit', { description: 'An item that fits a question.' })
export class SearchHitType {
  @Field(() => Float, { description: 'How well it fits, comparable within one question alone.' }) score!: number;
}
@ObjectType('SearchEdge', { description: 'One hit, with its cursor.' })
export class SearchEdgeType {
  @Field(() => String, { description: 'Where this one stands; give it as `after` to go on from here.' }) cursor!: string;
  @Field(() => SearchHitType, { description: 'The hit.' }) node!: object;
}
@ObjectType('FacetValue', { description: 'How many hits have a value.' })
export class FacetValueType {
  @Field(() => String, { description: 'The value: an id, a tag, or a month such as 2026-03.' }) value!: string;
  @Field(() => Int, { description: 'How many.' }) count!: number;
}
@ObjectType('Facet', { description: 'What all hits have in common, and how many of them.' })
export class FacetType {
  @Field(() => String, { description: 'collection, tag, creator or month.' }) field!: FacetField;
  @Field(() => [FacetValueType], { description: 'The most frequent first.' }) values!: FacetValueType[];
}
@ObjectType('SearchConnection', { description: 'A page of what was found, the best first.' })
export class SearchConnectionType {
  @Field(() => [SearchEdgeType], { description: 'The page, each with its cursor.' }) edges!: object[];
  @Field(() => [SearchHitType], { description: 'The page without cursors.' }) nodes!: object[];
  @Field(() => [FacetType], { description: 'Of all hits, not of the page alone.' }) facets!: FacetType[];
  @Field(() => Int, { description: 'How many can be paged through, of what the caller sees: all that fit by words, the nearest 200 by meaning, and by both at most 400.' }) totalCount!: number;
  @Field(() => PageInfo, { description: 'Where the page stands in the list.' }) pageInfo!: PageInfo;
  @Field(() => Boolean, { description: 'Whether it is less than was asked for: a part of the index does not answer, or what `atLeast` names is not in it yet.' }) degraded!: boolean;
  @Field(() => Int, { description: 'For how many milliseconds the oldest change waits that is not in it yet; 0 when none does.' }) lagMs!: number;
}

@InputType('SearchFilter', { description: 'Which items to look through; all that is said has to be true of them. An empty list names nothing, and nothing is found.' })
export class SearchFilterType implements SearchFilter {
  @Field(() => [ID], { nullable: true, description: 'Of one of these collections.' }) collectionIds?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'With at least one of these tags.' }) tags?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Made by this person, or key.' }) createdBy?: string | null;
  @Field(() => Date, { nullable: true, description: 'Made then or later.' }) createdAfter?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Made before then.' }) createdBefore?: Date | null;
  @Field(() => JsonScalar, { nullable: true, description: 'Members of the metadata and the text, number or truth value that each has to have: { "author": "Ada" }.' }) metadata?: unknown;
}
