import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Money } from '../../../platform/decimal.ts';
import { MoneyType } from '../../../platform/money.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { CancelSubscription } from '../application/cancel-subscription.ts';
import type { ChangePlan } from '../application/change-plan.ts';
import type { OpenBillingPortal } from '../application/open-billing-portal.ts';
import type { SeeBilling } from '../application/see-billing.ts';
import type { StartCheckout } from '../application/start-checkout.ts';
import type { Invoice } from '../domain/invoice.ts';
import type { PostingView } from '../domain/ports.ts';
import {
  CancelSubscriptionInputType, CancelSubscriptionPayload, ChangePlanInputType, ChangePlanPayload, InvoiceConnection, InvoicePreviewType, InvoiceType, OpenBillingPortalInputType,
  OpenBillingPortalPayload, PostingConnection, StartCheckoutInputType, StartCheckoutPayload, SubscriptionType,
} from './billing.graph.ts';
import type { Context } from './context.ts';
import { PlanType } from './plan.graph.ts';
import { TenantStub, type TenantHere } from './tenant.graph.ts';
import { planView } from './plan-view.ts';

interface Asked { changePlan: ChangePlan; cancelSubscription: CancelSubscription; startCheckout: StartCheckout; openBillingPortal: OpenBillingPortal }
const INPUT = { description: 'What to do.' };
/** What the caller is in the tenant decides who sees its money. */
const Here = Directive('@requires(fields: "viewerRole")');

@Resolver(() => TenantStub)
export class TenantBillingResolver {
  constructor(private readonly see: SeeBilling, private readonly pages: { invoices: Pages<Invoice>; ledger: Pages<PostingView> }) {}

  @Here
  @FieldResolver(() => PlanType, { nullable: true, description: 'The plan that it has bought, in the version that it bought.' })
  async plan(@Root() { id }: TenantHere, @Ctx() { viewer }: Context): Promise<PlanType | null> {
    const plan = await this.see.plan(viewer, id);
    return plan && planView(plan);
  }
  @Here
  @FieldResolver(() => SubscriptionType, { nullable: true, description: 'What it has bought, and until when; null for the moment in which it begins.' })
  subscription(@Root() { id }: TenantHere, @Ctx() { viewer }: Context): Promise<SubscriptionType | null> { return this.see.subscription(viewer, id); }

  @Here
  @FieldResolver(() => InvoiceConnection, { nullable: true, description: 'Its bills, the newest first.' })
  async invoices(@Root() { id }: TenantHere, @Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<Invoice>> {
    const request = this.pages.invoices.request(args, id);
    return this.pages.invoices.connection(pageOf(await this.see.invoices(viewer, id, request), request.first), request);
  }
  @Here
  @FieldResolver(() => InvoicePreviewType, { nullable: true, description: 'What the running period would come to if it ended now.' })
  async invoicePreview(@Root() { id }: TenantHere, @Ctx() { viewer }: Context): Promise<InvoicePreviewType | null> {
    const found = await this.see.preview(viewer, id);
    if (!found) return null;
    const { total, due, currency, ...rest } = found;
    return { ...rest, total: { amount: total, currency }, due: { amount: due, currency } };
  }
  @Here
  @FieldResolver(() => PostingConnection, { nullable: true, description: 'Its books, the newest first. Nothing in them ever changes.' })
  async ledger(@Root() { id }: TenantHere, @Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<PostingView>> {
    const request = this.pages.ledger.request(args, id);
    return this.pages.ledger.connection(pageOf(await this.see.ledger(viewer, id, request), request.first), request);
  }
}

@Resolver(() => InvoiceType)
export class InvoicesResolver {
  @FieldResolver(() => MoneyType, { description: 'What its lines come to, rounded to the smallest coin.' })
  total(@Root() { total, currency }: Invoice): Money { return { amount: total, currency }; }
  @FieldResolver(() => MoneyType, { description: 'What of it is to be paid, after what the tenant had to its credit.' })
  due(@Root() { due, currency }: Invoice): Money { return { amount: due, currency }; }
}

@Resolver()
export class BillingResolver {
  constructor(private readonly ask: Asked) {}

  @Mutation(() => ChangePlanPayload, { description: 'Gives the tenant of the request another plan: a larger one at once, a smaller one when the period ends. The same again takes back what was to follow.' })
  changePlan(@Arg('input', () => ChangePlanInputType, INPUT) input: ChangePlanInputType, @Ctx() { viewer }: Context): unknown { return this.ask.changePlan(viewer, input); }
  @Mutation(() => CancelSubscriptionPayload, { description: 'Ends what the tenant of the request pays for or tries out, when the period ends.' })
  cancelSubscription(@Arg('input', () => CancelSubscriptionInputType, INPUT) input: CancelSubscriptionInputType, @Ctx() { viewer }: Context): unknown { return this.ask.cancelSubscription(viewer, input); }
  @Mutation(() => StartCheckoutPayload, { description: 'Leads to where a way to pay is given for a plan.' })
  startCheckout(@Arg('input', () => StartCheckoutInputType, INPUT) input: StartCheckoutInputType, @Ctx() { viewer }: Context): unknown { return this.ask.startCheckout(viewer, input); }
  @Mutation(() => OpenBillingPortalPayload, { description: 'Leads to where whoever pays sees how, and changes it.' })
  openBillingPortal(@Arg('input', () => OpenBillingPortalInputType, INPUT) input: OpenBillingPortalInputType, @Ctx() { viewer }: Context): unknown { return this.ask.openBillingPortal(viewer, input); }
}
