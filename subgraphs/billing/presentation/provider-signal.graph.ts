import { Directive, Field, ObjectType } from 'type-graphql';
import { Payload } from '../../../platform/graph-types.ts';

@Directive('@inaccessible')
@ObjectType('ReceiveProviderSignalPayload', { description: 'What became of what the provider of payments has told.' })
export class ReceiveProviderSignalPayload extends Payload {
  @Field(() => Boolean, { nullable: true, description: 'Whether it is kept, now or before.' }) kept!: boolean | null;
}
