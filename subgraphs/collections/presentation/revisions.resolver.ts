import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { RestoreRevision } from '../application/restore-revision.ts';
import type { ItemSeen } from '../domain/item.ts';
import type { Revision } from '../domain/revision.ts';
import { personOf, UserStub } from './collection.graph.ts';
import type { Context } from './context.ts';
import { ItemType } from './item.graph.ts';
import { RestoreRevisionInputType, RestoreRevisionPayload, RevisionConnection, RevisionType } from './revision.graph.ts';

@Resolver(() => ItemType)
export class ItemRevisionsResolver {
  constructor(private readonly ask: { restoreRevision: RestoreRevision }, private readonly pages: Pages<Revision>) {}

  @FieldResolver(() => RevisionConnection, { nullable: true, description: 'How it is and how it was before each change, the newest first.' })
  revisions(@Root() { id }: ItemSeen, @Args(() => PageArgs) args: PageArgs, @Ctx() { revisions }: Context): Promise<Connection<Revision>> {
    const request = this.pages.request(args, id);
    return revisions.load({ itemId: id, first: request.first, before: request.after ? Number(request.after[0]) : null })
      .then((found) => this.pages.connection(pageOf(found, request.first), request));
  }
  @Mutation(() => RestoreRevisionPayload, { description: 'Makes an item say again what it said in an earlier version, unless somebody else has changed it since it was read.' })
  restoreRevision(@Arg('input', () => RestoreRevisionInputType, { description: 'What to do.' }) input: RestoreRevisionInputType, @Ctx() { viewer }: Context): unknown { return this.ask.restoreRevision(viewer, input); }
}

@Resolver(() => RevisionType)
export class RevisionsResolver {
  @FieldResolver(() => String, { nullable: true, description: 'Its text, as Markdown.' })
  body(@Root() { itemId, version }: Revision, @Ctx() { revisionBodies }: Context): Promise<string | null> { return revisionBodies.load({ itemId, version }); }
  @FieldResolver(() => [String], { description: 'The fields that are not as in the version before; of the first, those that hold something.' })
  changed(@Root() { itemId, version }: Revision, @Ctx() { revisionChanges }: Context): Promise<string[]> { return revisionChanges.load({ itemId, version }); }
  @FieldResolver(() => UserStub, { nullable: true, description: 'Who made it so; null when a key or an import did.' })
  by(@Root() { by }: Revision): UserStub | null { return personOf(by); }
}
