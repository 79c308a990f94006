import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { JsonScalar } from '../../../platform/graph-types.ts';
import { isId } from '../../../platform/ids.ts';
import type { Job, ListedJob } from '../../../platform/jobs/jobs.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import { requestInfo } from '../../../platform/request.ts';
import type { CancelJob } from '../application/cancel-job.ts';
import type { FollowJob } from '../application/follow-job.ts';
import type { RetryJob } from '../application/retry-job.ts';
import type { SeeJobs } from '../application/see-jobs.ts';
import { UserStub } from './collection.graph.ts';
import type { Context } from './context.ts';
import { CancelJobInputType, CancelJobPayload, JobConnection, JobFilterType, JobType, RetryJobInputType, RetryJobPayload } from './job.graph.ts';

interface Asked { cancelJob: CancelJob; retryJob: RetryJob }
const INPUT = { description: 'What to do.' };

/** type-graphql asks for the events before it has a resolver: what follows comes with the request. */
const follow = ({ args: { id }, context: { viewer, followJob } }: { args: { id: string }; context: Context }): ReturnType<FollowJob> =>
  followJob(viewer, { id, signal: requestInfo()?.signal ?? new AbortController().signal });

@Resolver(() => JobType)
export class JobsResolver {
  constructor(private readonly ask: Asked, private readonly see: SeeJobs, private readonly pages: Pages<ListedJob>) {}

  @Query(() => JobType, { nullable: true, description: 'A job that the caller started, or of the tenant that they administer.' })
  job(@Arg('id', () => ID, { description: 'Which one.' }) id: string, @Ctx() { jobs }: Context): Promise<Job | null> | null { return isId('job', id) ? jobs.load(id) : null; }
  @Query(() => JobConnection, { nullable: true, description: 'The jobs that the caller started, the newest first; of whoever administers the tenant, all of it.' })
  async jobs(@Args(() => PageArgs) args: PageArgs, @Arg('filter', () => JobFilterType, { nullable: true, description: 'Which of them.' }) filter: JobFilterType | null, @Ctx() { viewer }: Context): Promise<Connection<ListedJob>> {
    const request = this.pages.request(args, `${viewer.tenantId} ${JSON.stringify(filter ?? {})}`);
    return this.pages.connection(pageOf(await this.see.page(viewer, request, filter ?? {}), request.first), request);
  }

  @FieldResolver(() => UserStub, { nullable: true, description: 'Who asked for it; null when a key or Atlas itself did.' })
  startedBy(@Root() { startedBy }: Job): UserStub | null { return startedBy.userId ? { id: startedBy.userId } : null; }
  @FieldResolver(() => Boolean, { description: 'Whether somebody cancelled it while it ran, and it has not stopped yet.' })
  isCancelling(@Root() { cancelAskedAt, finishedAt }: Job): boolean { return cancelAskedAt !== null && finishedAt === null; }
  @FieldResolver(() => JsonScalar, { nullable: true, description: 'What came of it, once it has SUCCEEDED; of an import the counts and what was refused, of an export where to fetch it, for seven days.' })
  async result(@Root() listed: ListedJob | Job, @Ctx() { collections, jobs }: Context): Promise<unknown> {
    const job = 'result' in listed ? listed : await jobs.load(listed.id);
    return job && this.see.result(job, async (id) => await collections.load(id) !== null);
  }

  @Mutation(() => CancelJobPayload, { description: 'Ends a job before it is done. What it has done until then stays, and its note says what that is.' })
  cancelJob(@Arg('input', () => CancelJobInputType, INPUT) input: CancelJobInputType, @Ctx() { viewer }: Context): unknown { return this.ask.cancelJob(viewer, input); }
  @Mutation(() => RetryJobPayload, { description: 'Tries a job again that has failed or was cancelled, from where it stood.' })
  retryJob(@Arg('input', () => RetryJobInputType, INPUT) input: RetryJobInputType, @Ctx() { viewer }: Context): unknown { return this.ask.retryJob(viewer, input); }

  @Subscription(() => JobType, { nullable: true, description: 'A job as it is now and each time it changes, until it has ended.', subscribe: follow as never })
  jobProgress(@Root() job: Job, @Arg('id', () => ID, { description: 'Which one.' }) _id: string): Job { return job; }
}
