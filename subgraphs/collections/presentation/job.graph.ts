import { Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload, UserErrorType } from '../../../platform/graph-types.ts';
import type { Job, JobState as State } from '../../../platform/jobs/jobs.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { JobFilter } from '../application/see-jobs.ts';

export const JobState: Record<State, State> = { QUEUED: 'QUEUED', RUNNING: 'RUNNING', SUCCEEDED: 'SUCCEEDED', FAILED: 'FAILED' };
registerEnumType(JobState, {
  name: 'JobState',
  description: 'How a job stands.',
  valuesConfig: {
    QUEUED: { description: 'It waits for its turn, or for its next attempt.' },
    RUNNING: { description: 'It is being done.' },
    SUCCEEDED: { description: 'It is done; `result` says what came of it.' },
    FAILED: { description: 'It ended without being done; `error` says why, and retryJob tries it again.' },
  },
});

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Job', { implements: NodeType, description: 'Something that takes longer than a request, of whichever service. Kept for 30 days after its end.' })
export class JobType extends NodeType implements Pick<Job, 'kind' | 'state' | 'progress' | 'note' | 'attempts' | 'createdAt' | 'startedAt' | 'finishedAt'> {
  @Field(() => String, { description: 'What it does: `collections.import-items`, `collections.export-collection` and others.' }) kind!: string;
  @Field(() => JobState, { description: 'How it stands.' }) state!: State;
  @Field(() => Float, { description: 'How much of it is done, from 0 to 1.' }) progress!: number;
  @Field(() => String, { nullable: true, description: 'What it has done so far, in words; it stays when the job is cancelled or fails.' }) note!: string | null;
  @Field(() => Int, { description: 'How often it was begun.' }) attempts!: number;
  @Field(() => UserErrorType, { nullable: true, description: 'Why it failed; of one that is to be tried again, why its last attempt did.' }) error!: UserErrorType | null;
  @Field(() => Date, { description: 'When it was asked for.' }) createdAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it was begun for the first time.' }) startedAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it ended.' }) finishedAt!: Date | null;
}
export const { Connection: JobConnection, Edge: JobEdge } = connectionOf<Job>(JobType, 'Job');

@InputType('JobFilter', { description: 'Which jobs.' })
export class JobFilterType implements JobFilter {
  @Field(() => [String], { nullable: true, description: 'Of these kinds.' }) kinds?: string[] | null;
  @Field(() => [JobState], { nullable: true, description: 'In these states.' }) states?: State[] | null;
}

@InputType('CancelJobInput', { description: 'Which job to cancel.' })
export class CancelJobInputType {
  @Field(() => ID, { description: 'The job.' }) id!: string;
}
@ObjectType('CancelJobPayload', { description: 'What cancelJob did.' })
export class CancelJobPayload extends Payload {
  @Field(() => JobType, { nullable: true, description: 'The job: FAILED with the code CANCELLED, at once or as soon as it has stopped.' }) job!: JobType | null;
}
@InputType('RetryJobInput', { description: 'Which job to try again.' })
export class RetryJobInputType {
  @Field(() => ID, { description: 'The job, which has FAILED.' }) id!: string;
}
@ObjectType('RetryJobPayload', { description: 'What retryJob did.' })
export class RetryJobPayload extends Payload {
  @Field(() => JobType, { nullable: true, description: 'The job, which waits for its turn again.' }) job!: JobType | null;
}
