import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import type { ExportCollection } from '../application/export-collection.ts';
import type { ImportItems } from '../application/import-items.ts';
import type { Context } from './context.ts';
import { ExportCollectionInputType, ExportCollectionPayload, ImportItemsInputType, ImportItemsPayload } from './transfer.graph.ts';

interface Asked { importItems: ImportItems; exportCollection: ExportCollection }
const INPUT = { description: 'What to do.' };
/** A job works for longer than any request. */
const JOB_COST = 50;

@Resolver()
export class TransfersResolver {
  constructor(private readonly ask: Asked) {}

  @Cost(JOB_COST)
  @Mutation(() => ImportItemsPayload, { description: 'Brings the items of a file into a collection, in a job.' })
  importItems(@Arg('input', () => ImportItemsInputType, INPUT) input: ImportItemsInputType, @Ctx() { viewer }: Context): unknown { return this.ask.importItems(viewer, input); }
  @Cost(JOB_COST)
  @Mutation(() => ExportCollectionPayload, { description: 'Writes all items of a collection into a file, in a job.' })
  exportCollection(@Arg('input', () => ExportCollectionInputType, INPUT) input: ExportCollectionInputType, @Ctx() { viewer }: Context): unknown { return this.ask.exportCollection(viewer, input); }
}
