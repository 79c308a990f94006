import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { JsonScalar, NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { ReindexInput } from '../application/reindex.ts';
import type { SaveSearchInput } from '../application/save-search.ts';
import type { SavedSearch } from '../domain/saved-search.ts';
import type { SearchMode as Mode } from '../domain/search.ts';
import { SearchFilterType, SearchMode } from './search.graph.ts';

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('SavedSearch', { implements: NodeType, description: 'A question that the caller keeps, to ask it again.' })
export class SavedSearchType extends NodeType implements Pick<SavedSearch, 'name' | 'query' | 'filter' | 'mode' | 'createdAt'> {
  @Field(() => String, { description: 'What it is called.' }) name!: string;
  @Field(() => String, { description: 'What is looked for.' }) query!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'Which items are looked through, as it was said: what `filter` of search takes.' }) filter!: object;
  @Field(() => SearchMode, { description: 'What makes an item fit.' }) mode!: Mode;
  @Field(() => Date, { description: 'When it was saved.' }) createdAt!: Date;
}
export const { Connection: SavedSearchConnection, Edge: SavedSearchEdge } = connectionOf<SavedSearch>(SavedSearchType, 'SavedSearch');

@InputType('SaveSearchInput', { description: 'A question to keep.' })
export class SaveSearchInputType implements SaveSearchInput {
  @Field(() => String, { description: 'One line of 1 to 200 characters.' }) name!: string;
  @Field(() => String, { description: 'What is looked for, 1 to 1 000 characters.' }) query!: string;
  @Field(() => SearchFilterType, { nullable: true, description: 'Which items are looked through.' }) filter?: SearchFilterType | null;
  @Field(() => SearchMode, { nullable: true, description: 'What makes an item fit; HYBRID when it is left out.' }) mode?: Mode | null;
}
@ObjectType('SaveSearchPayload', { description: 'What saveSearch did.' })
export class SaveSearchPayload extends Payload {
  @Field(() => SavedSearchType, { nullable: true, description: 'The question, kept.' }) savedSearch!: SavedSearchType | null;
}
@InputType('DeleteSavedSearchInput', { description: 'Which saved search to delete.' })
export class DeleteSavedSearchInputType {
  @Field(() => ID, { description: 'The saved search.' }) id!: string;
}
@ObjectType('DeleteSavedSearchPayload', { description: 'What deleteSavedSearch did.' })
export class DeleteSavedSearchPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The saved search that is no more.' }) savedSearchId!: string | null;
}

/** What becomes of a job, collections shows: here it is an id. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Job', { description: 'Something that takes longer than a request, of whichever service. Kept for 30 days after its end.' })
export class JobStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
}
@InputType('ReindexInput', { description: 'What to index anew.' })
export class ReindexInputType implements ReindexInput {
  @Field(() => ID, { nullable: true, description: 'This collection alone; all of the tenant when it is left out.' }) collectionId?: string | null;
}
@ObjectType('ReindexPayload', { description: 'What reindex did.' })
export class ReindexPayload extends Payload {
  @Field(() => JobStub, { nullable: true, description: 'The job that does it; while one of the same waits or runs, that one. Its result says how many items were heard anew, what was mended, and whether all was found equal at the end.' }) job!: JobStub | null;
}
