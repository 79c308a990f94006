import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { ListWebhooks } from '../application/list-webhooks.ts';
import type { TenantView } from '../domain/tenant-view.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { Context } from './context.ts';
import { TenantType } from './tenant.graph.ts';
import { WebhookConnection } from './webhook.graph.ts';

@Resolver(() => TenantType)
export class WebhooksOfTenantResolver {
  constructor(private readonly lists: ListWebhooks, private readonly pages: Pages<Webhook>) {}

  @FieldResolver(() => WebhookConnection, { nullable: true, description: 'Its webhooks, the newest first.' })
  async webhooks(@Root() { id }: TenantView, @Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<Webhook>> {
    const request = this.pages.request(args, id);
    return this.pages.connection(pageOf(await this.lists.webhooks(viewer, id, request), request.first), request);
  }
}
