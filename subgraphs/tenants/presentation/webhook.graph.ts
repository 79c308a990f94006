import { ArgsType, Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf, PageArgs } from '../../../platform/page.ts';
import type { CreateWebhookInput } from '../application/create-webhook.ts';
import type { UpdateWebhookInput } from '../application/update-webhook.ts';
import type { DeliveryState, WebhookDelivery } from '../domain/webhook-delivery.ts';
import type { DisabledReason, Webhook, WebhookFormat as Format } from '../domain/webhook.ts';

const WebhookDisabledReason: Record<DisabledReason, DisabledReason> = { REQUESTED: 'REQUESTED', GONE: 'GONE', FAILING: 'FAILING' };
registerEnumType(WebhookDisabledReason, {
  name: 'WebhookDisabledReason',
  description: 'Why a webhook is off.',
  valuesConfig: {
    REQUESTED: { description: 'Somebody switched it off.' },
    GONE: { description: 'Its receiver answered 410 Gone.' },
    FAILING: { description: 'Nothing has arrived for days, though it was tried.' },
  },
});

const WebhookFormat: Record<Format, Format> = { CLOUD_EVENT: 'CLOUD_EVENT', SLACK: 'SLACK' };
registerEnumType(WebhookFormat, {
  name: 'WebhookFormat',
  description: 'How a webhook writes what happened.',
  valuesConfig: {
    CLOUD_EVENT: { description: 'Whole, as a CloudEvent 1.0, for programs.' },
    SLACK: { description: 'As a sentence for people, in the form of an incoming webhook of Slack, which Mattermost and others read too.' },
  },
});

const WebhookDeliveryState: Record<DeliveryState, DeliveryState> = { PENDING: 'PENDING', DELIVERED: 'DELIVERED', FAILED: 'FAILED' };
registerEnumType(WebhookDeliveryState, {
  name: 'WebhookDeliveryState',
  description: 'What has become of a delivery.',
  valuesConfig: {
    PENDING: { description: 'It is due, or waits for its next attempt.' },
    DELIVERED: { description: 'The receiver took it with a 2xx.' },
    FAILED: { description: 'It was given up.' },
  },
});

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Webhook', { implements: NodeType, description: 'Where events of the tenant are sent, signed as Standard Webhooks has it.' })
export class WebhookType extends NodeType implements Pick<Webhook, 'url' | 'format' | 'eventTypes' | 'description' | 'createdAt' | 'disabledAt' | 'disabledReason' | 'formerSecretUntil'> {
  @Field(() => String, { description: 'The receiver.' }) url!: string;
  @Field(() => WebhookFormat, { description: 'How what happened is written.' }) format!: Format;
  @Field(() => [String], { description: 'The events it wants: types, kinds such as tenants.*, or * for all.' }) eventTypes!: string[];
  @Field(() => String, { description: 'What it is for, in the words of whoever made it.' }) description!: string;
  @Field(() => Date, { description: 'When it was made; earlier events are not sent.' }) createdAt!: Date;
  @Field(() => Date, { nullable: true, description: 'Since when it is off.' }) disabledAt!: Date | null;
  @Field(() => WebhookDisabledReason, { nullable: true, description: 'Why it is off.' }) disabledReason!: DisabledReason | null;
  @Field(() => Date, { nullable: true, description: 'Until when the secret before the last rotation signs too.' }) formerSecretUntil!: Date | null;
}
export const { Connection: WebhookConnection, Edge: WebhookEdge } = connectionOf<Webhook>(WebhookType, 'Webhook');

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('WebhookDelivery', { implements: NodeType, description: 'One event on its way to one webhook; kept for 30 days.' })
export class WebhookDeliveryType extends NodeType implements Pick<WebhookDelivery, 'eventId' | 'eventType' | 'state' | 'attempts' | 'responseCode' | 'responseExcerpt' | 'failure' | 'durationMs' | 'createdAt' | 'attemptedAt' | 'nextAttemptAt'> {
  @Field(() => ID, { description: 'The event; the receiver sees it as webhook-id, the same at every attempt.' }) eventId!: string;
  @Field(() => String, { description: 'What happened.' }) eventType!: string;
  @Field(() => WebhookDeliveryState, { description: 'What has become of it.' }) state!: DeliveryState;
  @Field(() => Int, { description: 'How often it was tried.' }) attempts!: number;
  @Field(() => Int, { nullable: true, description: 'The status that the receiver answered last; null when it answered nothing.' }) responseCode!: number | null;
  @Field(() => String, { nullable: true, description: 'How the body of the last answer began, up to 1000 bytes.' }) responseExcerpt!: string | null;
  @Field(() => String, { nullable: true, description: 'Why the last attempt failed.' }) failure!: string | null;
  @Field(() => Int, { nullable: true, description: 'How long the last attempt took, in milliseconds.' }) durationMs!: number | null;
  @Field(() => Date, { description: 'When it was queued.' }) createdAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it was last tried.' }) attemptedAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it is tried next; null when it is done with.' }) nextAttemptAt!: Date | null;
}
export const { Connection: WebhookDeliveryConnection, Edge: WebhookDeliveryEdge } = connectionOf<WebhookDelivery>(WebhookDeliveryType, 'WebhookDelivery');

@ArgsType()
export class DeliveriesArgs extends PageArgs {
  @Field(() => WebhookDeliveryState, { nullable: true, description: 'Only those of which this has become.' }) state?: DeliveryState | null;
}

const URL_OF = 'An https:// address that leads to a public host, without user name and password.';
const TYPES = 'What it wants: event types (tenants.member-joined), kinds of them (tenants.*), or * for all; 1 to 50.';

@InputType('CreateWebhookInput', { description: 'A new webhook of the tenant that the request is in.' })
export class CreateWebhookInputType implements CreateWebhookInput {
  @Field(() => String, { description: URL_OF }) url!: string;
  @Field(() => [String], { description: TYPES }) eventTypes!: string[];
  @Field(() => WebhookFormat, { nullable: true, description: 'How what happened is written, for good; CLOUD_EVENT when not given.' }) format?: Format | null;
  @Field(() => String, { nullable: true, description: 'What it is for; up to 200 characters.' }) description?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether events are sent; yes when not given.' }) enabled?: boolean | null;
}
@InputType('UpdateWebhookInput', { description: 'What to change about a webhook; what is left out stays.' })
export class UpdateWebhookInputType implements UpdateWebhookInput {
  @Field(() => ID, { description: 'The webhook.' }) id!: string;
  @Field(() => String, { nullable: true, description: URL_OF }) url?: string | null;
  @Field(() => [String], { nullable: true, description: TYPES }) eventTypes?: string[] | null;
  @Field(() => String, { nullable: true, description: 'What it is for; up to 200 characters.' }) description?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether events are sent. Switching it off gives up what waits.' }) enabled?: boolean | null;
}
@InputType('RotateWebhookSecretInput', { description: 'Which webhook gets a new secret.' })
export class RotateWebhookSecretInputType {
  @Field(() => ID, { description: 'The webhook.' }) id!: string;
  @Field(() => Int, { nullable: true, description: 'How long the old secret signs too: up to 604800 (7 days); 86400 (a day) when not given.' }) overlapSeconds?: number | null;
}
@InputType('DeleteWebhookInput', { description: 'Which webhook to delete.' })
export class DeleteWebhookInputType {
  @Field(() => ID, { description: 'The webhook.' }) id!: string;
}
@InputType('SendTestWebhookInput', { description: 'Which webhook to try out.' })
export class SendTestWebhookInputType {
  @Field(() => ID, { description: 'The webhook.' }) id!: string;
}
@InputType('RedeliverWebhookInput', { description: 'What to send again.' })
export class RedeliverWebhookInputType {
  @Field(() => ID, { description: 'The delivery.' }) deliveryId!: string;
}

@ObjectType('CreateWebhookPayload', { description: 'What createWebhook did.' })
export class CreateWebhookPayload extends Payload {
  @Field(() => WebhookType, { nullable: true, description: 'The new webhook.' }) webhook!: WebhookType | null;
  @Field(() => String, { nullable: true, description: 'What its deliveries are signed with, shown this once.' }) secret!: string | null;
}
@ObjectType('UpdateWebhookPayload', { description: 'What updateWebhook did.' })
export class UpdateWebhookPayload extends Payload {
  @Field(() => WebhookType, { nullable: true, description: 'The webhook as it is now.' }) webhook!: WebhookType | null;
}
@ObjectType('RotateWebhookSecretPayload', { description: 'What rotateWebhookSecret did.' })
export class RotateWebhookSecretPayload extends Payload {
  @Field(() => WebhookType, { nullable: true, description: 'The webhook as it is now.' }) webhook!: WebhookType | null;
  @Field(() => String, { nullable: true, description: 'The new secret, shown this once.' }) secret!: string | null;
}
@ObjectType('DeleteWebhookPayload', { description: 'What deleteWebhook did.' })
export class DeleteWebhookPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The webhook that is no more.' }) webhookId!: string | null;
}
@ObjectType('SendTestWebhookPayload', { description: 'What sendTestWebhook did.' })
export class SendTestWebhookPayload extends Payload {
  @Field(() => WebhookType, { nullable: true, description: 'The webhook; its deliveries say what became of the test.' }) webhook!: WebhookType | null;
}
@ObjectType('RedeliverWebhookPayload', { description: 'What redeliverWebhook did.' })
export class RedeliverWebhookPayload extends Payload {
  @Field(() => WebhookDeliveryType, { nullable: true, description: 'The delivery, which is due again.' }) delivery!: WebhookDeliveryType | null;
}
