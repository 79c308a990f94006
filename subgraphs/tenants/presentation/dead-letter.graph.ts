import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { DeadLetter } from '../domain/dead-letter.ts';

@ObjectType('DeadLetter', { description: 'An event that a part of Atlas could not handle: set aside, tried again later by itself, gone once it is handled.' })
export class DeadLetterType implements DeadLetter {
  @Field(() => ID, { description: 'What replayDeadLetter takes.' }) id!: DeadLetter['id'];
  @Field(() => String, { description: 'Who could not handle it: a service and its consumer.' }) consumer!: string;
  @Field(() => ID, { description: 'The event.' }) eventId!: DeadLetter['eventId'];
  @Field(() => String, { description: 'What happened, as docs/events.md names it.' }) eventType!: string;
  @Field(() => String, { description: 'Why it failed at the last try, for machines; docs/errors.md lists all.' }) code!: string;
  @Field(() => String, { description: 'Why it failed at the last try, for people.' }) message!: string;
  @Field(() => Int, { description: 'How often it has been tried.' }) tries!: number;
  @Field(() => Date, { description: 'When it was set aside.' }) parkedAt!: Date;
  @Field(() => Date, { description: 'When it was last tried.' }) lastTriedAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it is tried again by itself; null when not before somebody asks.' }) retryAt!: Date | null;
}
export const { Connection: DeadLetterConnection, Edge: DeadLetterEdge } = connectionOf<DeadLetter>(DeadLetterType, 'DeadLetter');

@InputType('ReplayDeadLetterInput', { description: 'Which event to try again.' })
export class ReplayDeadLetterInputType {
  @Field(() => ID, { description: 'The dead letter.' }) id!: string;
}
@ObjectType('ReplayDeadLetterPayload', { description: 'What replayDeadLetter did.' })
export class ReplayDeadLetterPayload extends Payload {
  @Field(() => DeadLetterType, { nullable: true, description: 'The dead letter, which is tried within some seconds.' }) deadLetter!: DeadLetterType | null;
}
