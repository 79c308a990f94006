import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { SessionId } from '../../../platform/ids.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { ListSessions } from '../application/find-users.ts';
import { maySeeEmail } from '../domain/relation.ts';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import { isSelf, relationTo, type UsersContext } from './context.ts';
import { SessionConnection, SessionType } from './session.graph.ts';
import { UserType } from './user.graph.ts';

@Resolver(() => UserType)
export class UserResolver {
  constructor(private readonly given: { listSessions: ListSessions; pages: Pages<Session> }) {}

  @Query(() => UserType, { nullable: true, description: 'Who you are.' })
  me(@Ctx() context: UsersContext): Promise<User | null> {
    return context.users.load(context.viewer.userId!);
  }

  /** When tenants does not answer this is an error and not null: a client that keeps e-mails would strike them out. */
  @FieldResolver(() => String, { nullable: true, description: 'Seen by oneself and by fellow members of a tenant; guests see names only.' })
  async email(@Root() user: User, @Ctx() context: UsersContext): Promise<string | null> {
    return maySeeEmail(await relationTo(context, user.id)) ? user.email : null;
  }

  @FieldResolver(() => Boolean, { nullable: true, description: 'Whether the e-mail is confirmed; seen by oneself only.' })
  emailVerified(@Root() user: User, @Ctx() context: UsersContext): boolean | null {
    return isSelf(context, user.id) ? user.emailVerified : null;
  }

  @FieldResolver(() => Date, { nullable: true, description: 'When the e-mail was confirmed; seen by oneself only.' })
  emailVerifiedAt(@Root() user: User, @Ctx() context: UsersContext): Date | null {
    return isSelf(context, user.id) ? user.emailVerifiedAt : null;
  }

  @FieldResolver(() => SessionConnection, { nullable: true, description: 'The devices you are signed in on, newest first; seen by oneself only.' })
  async sessions(@Root() user: User, @Args(() => PageArgs) args: PageArgs, @Ctx() context: UsersContext): Promise<Connection<Session> | null> {
    if (!isSelf(context, user.id)) return null;
    const request = this.given.pages.request(args);
    return this.given.pages.connection(pageOf(await this.given.listSessions(context.viewer, user.id, request), request.first), request);
  }
}

@Resolver(() => SessionType)
export class SessionResolver {
  @FieldResolver(() => Boolean, { description: 'Whether it is the one you are asking with.' })
  current(@Root() session: Session, @Ctx() { viewer, proven }: UsersContext): boolean {
    const asking: (SessionId | null | undefined)[] = [viewer.sessionId, proven.get(session.userId)];
    return asking.includes(session.id);
  }
}
