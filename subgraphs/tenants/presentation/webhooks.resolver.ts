import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { CreateWebhook } from '../application/create-webhook.ts';
import type { DeleteWebhook } from '../application/delete-webhook.ts';
import type { ListWebhooks } from '../application/list-webhooks.ts';
import type { RedeliverWebhook } from '../application/redeliver-webhook.ts';
import type { RotateWebhookSecret } from '../application/rotate-webhook-secret.ts';
import type { SendTestWebhook } from '../application/send-test-webhook.ts';
import type { UpdateWebhook } from '../application/update-webhook.ts';
import type { WebhookDelivery } from '../domain/webhook-delivery.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { Context } from './context.ts';
import {
  CreateWebhookInputType, CreateWebhookPayload, DeleteWebhookInputType, DeleteWebhookPayload, DeliveriesArgs, RedeliverWebhookInputType, RedeliverWebhookPayload,
  RotateWebhookSecretInputType, RotateWebhookSecretPayload, SendTestWebhookInputType, SendTestWebhookPayload, UpdateWebhookInputType, UpdateWebhookPayload,
  WebhookDeliveryConnection, WebhookDeliveryType, WebhookType,
} from './webhook.graph.ts';

interface Asked {
  createWebhook: CreateWebhook; updateWebhook: UpdateWebhook; rotateWebhookSecret: RotateWebhookSecret; deleteWebhook: DeleteWebhook;
  sendTestWebhook: SendTestWebhook; redeliverWebhook: RedeliverWebhook;
}
const INPUT = { description: 'What to do.' };

@Resolver(() => WebhookType)
export class WebhooksResolver {
  constructor(private readonly ask: Asked, private readonly lists: ListWebhooks, private readonly pages: Pages<WebhookDelivery>) {}

  @FieldResolver(() => Boolean, { description: 'Whether events are sent.' })
  enabled(@Root() webhook: Webhook): boolean { return webhook.isEnabled(); }

  @FieldResolver(() => WebhookDeliveryConnection, { nullable: true, description: 'What was sent, and what waits to be; the newest first.' })
  async deliveries(@Root() { id, tenantId }: Webhook, @Args(() => DeliveriesArgs) { state, ...args }: DeliveriesArgs, @Ctx() { viewer }: Context): Promise<Connection<WebhookDelivery>> {
    const request = this.pages.request(args, `${id} ${state ?? ''}`);
    return this.pages.connection(pageOf(await this.lists.deliveries(viewer, { tenantId, webhookId: id, state: state ?? null }, request), request.first), request);
  }

  @Mutation(() => CreateWebhookPayload, { description: 'Makes a webhook. Its secret is shown in this answer and never again.' })
  createWebhook(@Arg('input', () => CreateWebhookInputType, INPUT) input: CreateWebhookInputType, @Ctx() { viewer }: Context): unknown { return this.ask.createWebhook(viewer, input); }
  @Mutation(() => UpdateWebhookPayload, { description: 'Changes where a webhook leads and what it wants, and switches it off and on.' })
  updateWebhook(@Arg('input', () => UpdateWebhookInputType, INPUT) input: UpdateWebhookInputType, @Ctx() { viewer }: Context): unknown { return this.ask.updateWebhook(viewer, input); }
  @Mutation(() => RotateWebhookSecretPayload, { description: 'Gives a webhook a new secret; for a while deliveries are signed with both.' })
  rotateWebhookSecret(@Arg('input', () => RotateWebhookSecretInputType, INPUT) input: RotateWebhookSecretInputType, @Ctx() { viewer }: Context): unknown { return this.ask.rotateWebhookSecret(viewer, input); }
  @Mutation(() => DeleteWebhookPayload, { description: 'Deletes a webhook with all its deliveries.' })
  deleteWebhook(@Arg('input', () => DeleteWebhookInputType, INPUT) input: DeleteWebhookInputType, @Ctx() { viewer }: Context): unknown { return this.ask.deleteWebhook(viewer, input); }
  @Mutation(() => SendTestWebhookPayload, { description: 'Sends a webhook a tenants.webhook-tested, whatever events it wants.' })
  sendTestWebhook(@Arg('input', () => SendTestWebhookInputType, INPUT) input: SendTestWebhookInputType, @Ctx() { viewer }: Context): unknown { return this.ask.sendTestWebhook(viewer, input); }
  @Mutation(() => RedeliverWebhookPayload, { description: 'Sends a delivery again at once, under the same webhook-id, whatever has become of it.' })
  redeliverWebhook(@Arg('input', () => RedeliverWebhookInputType, INPUT) input: RedeliverWebhookInputType, @Ctx() { viewer }: Context): unknown { return this.ask.redeliverWebhook(viewer, input); }
}

@Resolver(() => WebhookDeliveryType)
export class WebhookDeliveriesResolver {
  @FieldResolver(() => WebhookType, { nullable: true, description: 'Where it goes.' })
  webhook(@Root() { webhookId }: WebhookDelivery, @Ctx() { webhooks }: Context): Promise<Webhook | null> { return webhooks.load(webhookId); }
}
