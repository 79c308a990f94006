import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { JsonScalar, NodeType } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { AuditEvent } from '../domain/audit-chain.ts';
import type { AuditFilter } from '../domain/audit-trails.ts';

export const ActorKind = { ANONYMOUS: 'anonymous', USER: 'user', KEY: 'key', SYSTEM: 'system', AI: 'ai' } as const satisfies Record<string, AuditEvent['actor']['kind']>;
registerEnumType(ActorKind, {
  name: 'ActorKind',
  description: 'What kind of caller did something.',
  valuesConfig: {
    ANONYMOUS: { description: 'Somebody who had not signed in.' },
    USER: { description: 'A person.' },
    KEY: { description: 'A program with an API key.' },
    SYSTEM: { description: 'A service of Atlas in its own name.' },
    AI: { description: 'A model that was allowed to act.' },
  },
});

/** Whose doing it was, and in which tenant: a key is looked for in that one. */
export interface ActorSeen { kind: AuditEvent['actor']['kind']; id: string; chain: AuditEvent['chain'] }

@ObjectType('Actor', { description: 'Who did something.' })
export class ActorType implements Pick<ActorSeen, 'kind' | 'id'> {
  @Field(() => ActorKind, { description: 'What kind of caller it was.' }) kind!: ActorSeen['kind'];
  @Field(() => ID, { description: 'The id of the person or key; the name of the service; `anonymous`.' }) id!: string;
}

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('AuditEvent', { implements: NodeType, description: 'One thing that happened in a tenant. It is never changed and never removed.' })
export class AuditEventType extends NodeType implements Pick<AuditEvent, 'at' | 'action' | 'entityType' | 'entityId' | 'before' | 'after' | 'requestId' | 'hash'> {
  @Field(() => Date, { description: 'When it happened.' }) at!: Date;
  @Field(() => String, { description: 'What happened: the type of the event, such as tenants.member-removed.' }) action!: string;
  @Field(() => String, { description: 'What kind of thing it happened to.' }) entityType!: string;
  @Field(() => ID, { description: 'Which one.' }) entityId!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'What it was before, as far as it changed.' }) before!: unknown;
  @Field(() => JsonScalar, { nullable: true, description: 'What it is afterwards.' }) after!: unknown;
  @Field(() => String, { nullable: true, description: 'The request that did it, as x-request-id named it.' }) requestId!: string | null;
  @Field(() => String, { description: 'Covers this event and the hash of the one before it in the trail.' }) hash!: string;
}
export const { Connection: AuditEventConnection, Edge: AuditEventEdge } = connectionOf<AuditEvent>(AuditEventType, 'AuditEvent');

@InputType('AuditFilter', { description: 'Which events to show; what is left out does not matter.' })
export class AuditFilterType implements AuditFilter {
  @Field(() => String, { nullable: true, description: 'What kind of thing it happened to.' }) entityType?: string | null;
  @Field(() => ID, { nullable: true, description: 'Which one.' }) entityId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Who did it.' }) actorId?: string | null;
  @Field(() => String, { nullable: true, description: 'What happened, in full: tenants.member-removed.' }) action?: string | null;
  @Field(() => Date, { nullable: true, description: 'From this moment on.' }) from?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Until before this moment.' }) to?: Date | null;
}

/** What a verification found. */
export interface TrailSeen { verified: boolean; count: number; checked: number; head: string | null; firstBroken: string | null }

@ObjectType('AuditTrail', { description: 'Whether the audit trail of a tenant is whole.' })
export class AuditTrailType implements TrailSeen {
  @Field(() => Boolean, { description: 'Whether everything that was looked at is as it was written, to the last event. False without firstBroken: the trail is longer than one question looks at; ask again, it goes on from there.' }) verified!: boolean;
  @Field(() => Int, { description: 'How many events it holds.' }) count!: number;
  @Field(() => Int, { description: 'How many of them were looked at now. Those before them were looked at earlier.' }) checked!: number;
  @Field(() => String, { nullable: true, description: 'The hash of the last event. Whoever writes it down can prove later that nothing up to it was changed.' }) head!: string | null;
  @Field(() => ID, { nullable: true, description: 'The first event that is not what was written, or that does not follow on the one before it.' }) firstBroken!: string | null;
}
