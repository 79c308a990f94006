import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal, Money } from '../../../platform/decimal.ts';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { DecimalScalar, MoneyType } from '../../../platform/money.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { ChangePlanInput } from '../application/change-plan.ts';
import type { StartCheckoutInput } from '../application/start-checkout.ts';
import type { Invoice, InvoiceState as State } from '../domain/invoice.ts';
import type { EntryKind as Kind } from '../domain/ledger.ts';
import type { PlanKey as Key } from '../domain/plan.ts';
import type { SubscriptionState as Standing } from '../domain/subscription.ts';
import type { SubscriptionView } from '../domain/subscription-view.ts';
import { PlanKey } from './plan.graph.ts';

export const SubscriptionState: Record<Standing, Standing> = { TRIALING: 'TRIALING', ACTIVE: 'ACTIVE', PAST_DUE: 'PAST_DUE', CANCELED: 'CANCELED' };
registerEnumType(SubscriptionState, {
  name: 'SubscriptionState',
  description: 'How it stands with what a tenant has bought.',
  valuesConfig: {
    TRIALING: { description: 'It is tried out; nobody pays.' },
    ACTIVE: { description: 'It is as it should be.' },
    PAST_DUE: { description: 'A payment was declined, and is tried again.' },
    CANCELED: { description: 'It goes on until its period ends. Until then `changePlan` to the same plan takes it back.' },
  },
});
export const InvoiceState: Record<State, State> = { OPEN: 'OPEN', PAID: 'PAID', VOID: 'VOID', UNCOLLECTIBLE: 'UNCOLLECTIBLE' };
registerEnumType(InvoiceState, {
  name: 'InvoiceState',
  description: 'What became of an invoice.',
  valuesConfig: {
    OPEN: { description: 'It is to be paid.' },
    PAID: { description: 'It is paid, or came to nothing.' },
    VOID: { description: 'It was taken back.' },
    UNCOLLECTIBLE: { description: 'It was given up.' },
  },
});
export const EntryKind: Record<Kind, Kind> = { USAGE: 'USAGE', SUBSCRIPTION: 'SUBSCRIPTION', PRORATION: 'PRORATION', INCLUDED: 'INCLUDED', INVOICE: 'INVOICE', PAYMENT: 'PAYMENT', REFUND: 'REFUND', WRITE_OFF: 'WRITE_OFF' };
registerEnumType(EntryKind, {
  name: 'EntryKind',
  description: 'What an entry of the books is of.',
  valuesConfig: {
    USAGE: { description: 'Something was used.' },
    SUBSCRIPTION: { description: 'A period of a plan.' },
    PRORATION: { description: 'The rest of a period in which a plan was changed: given back as it was, charged as it is.' },
    INCLUDED: { description: 'Used, and included in the plan.' },
    INVOICE: { description: 'What was unbilled is on an invoice.' },
    PAYMENT: { description: 'An invoice was paid.' },
    REFUND: { description: 'Something was paid back.' },
    WRITE_OFF: { description: 'An invoice was taken back or given up.' },
  },
});

@ObjectType('BillingSubscription', { description: 'What a tenant has bought, and until when.' })
export class SubscriptionType implements SubscriptionView {
  @Field(() => PlanKey, { description: 'Which plan.' }) plan!: Key;
  @Field(() => Int, { description: 'Which version of it: it stays the one that was bought.' }) planVersion!: number;
  @Field(() => Int, { description: 'How many people may belong to the tenant.' }) seats!: number;
  @Field(() => SubscriptionState, { description: 'How it stands.' }) state!: Standing;
  @Field(() => String, { description: 'In which currency it is paid.' }) currency!: SubscriptionView['currency'];
  @Field(() => Date, { description: 'When the running period began.' }) periodFrom!: Date;
  @Field(() => Date, { description: 'When it ends.' }) periodTo!: Date;
  @Field(() => PlanKey, { nullable: true, description: 'The plan that follows then; null: the same.' }) nextPlan!: Key | null;
  @Field(() => Int, { nullable: true, description: 'How many seats it has then; null: as many.' }) nextSeats!: number | null;
  @Field(() => Boolean, { description: 'Whether somebody pays for it.' }) isPaid!: boolean;
  @Field(() => Boolean, { description: 'Whether `changePlan` would begin a trial: a tenant has one.' }) trialAvailable!: boolean;
}

@ObjectType('InvoiceLine', { description: 'What of one kind and about one thing stands in the books.' })
export class InvoiceLineType {
  @Field(() => EntryKind, { description: 'Of what kind.' }) kind!: Kind;
  @Field(() => String, { description: 'What it is about, for people.' }) memo!: string;
  @Field(() => String, { nullable: true, description: 'Which metric, of what was used.' }) metric!: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'How much of it.' }) quantity!: Decimal | null;
  @Field(() => DecimalScalar, { description: 'What it comes to, to the last digit, in the currency of the invoice.' }) amount!: Decimal;
  @Field(() => Boolean, { description: 'Whether it was used in a period that was closed before anybody heard of it.' }) late!: boolean;
}
@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Invoice', { implements: NodeType, description: 'The bill of a period, with the price of the next in advance.' })
export class InvoiceType extends NodeType implements Pick<Invoice, 'number' | 'state' | 'periodFrom' | 'periodTo' | 'lines' | 'closedAt' | 'settledAt'> {
  @Field(() => String, { description: 'Its number; there are no gaps between them.' }) number!: string;
  @Field(() => InvoiceState, { description: 'What became of it.' }) state!: State;
  @Field(() => Date, { description: 'When the period began.' }) periodFrom!: Date;
  @Field(() => Date, { description: 'When it ended.' }) periodTo!: Date;
  @Field(() => [InvoiceLineType], { description: 'What it is of.' }) lines!: Invoice['lines'];
  @Field(() => Date, { description: 'When it was made.' }) closedAt!: Date;
  @Field(() => Date, { nullable: true, description: 'Since when it is no longer open.' }) settledAt!: Date | null;
}
export const { Connection: InvoiceConnection, Edge: InvoiceEdge } = connectionOf<Invoice>(InvoiceType, 'Invoice');

@ObjectType('InvoicePreview', { description: 'What the running period would come to if it ended now. The price of the next period is not in it.' })
export class InvoicePreviewType {
  @Field(() => Date, { description: 'When the period began.' }) periodFrom!: Date;
  @Field(() => Date, { description: 'When it ends.' }) periodTo!: Date;
  @Field(() => [InvoiceLineType], { description: 'What it is of.' }) lines!: InvoiceLineType[];
  @Field(() => MoneyType, { description: 'What the lines come to, rounded to the smallest coin.' }) total!: Money;
  @Field(() => MoneyType, { description: 'What of it would be to pay.' }) due!: Money;
}

@ObjectType('Posting', { description: 'One side of an entry of the books. The postings of an entry sum to zero.' })
export class PostingType {
  @Field(() => ID, { description: 'The entry that it is of.' }) entryId!: string;
  @Field(() => Date, { description: 'When what it says took place; in no period that was closed.' }) at!: Date;
  @Field(() => Date, { nullable: true, description: 'When it really took place, if its period was closed by then.' }) lateAt!: Date | null;
  @Field(() => EntryKind, { description: 'What the entry is of.' }) kind!: Kind;
  @Field(() => String, { description: 'Which account.' }) account!: string;
  @Field(() => MoneyType, { description: 'What is added to it, or taken from it.' }) amount!: Money;
  @Field(() => String, { description: 'What it came of: an event, an invoice.' }) source!: string;
  @Field(() => String, { description: 'What it is about, for people.' }) memo!: string;
}
export const { Connection: PostingConnection, Edge: PostingEdge } = connectionOf<PostingType>(PostingType, 'Posting');

@InputType('ChangePlanInput', { description: 'What the tenant is to have.' })
export class ChangePlanInputType implements ChangePlanInput {
  @Field(() => PlanKey, { description: 'The plan.' }) plan!: Key;
  @Field(() => Int, { nullable: true, description: 'How many seats; as many as are included, or as there are of the same plan, when it is left out.' }) seats?: number | null;
}
@ObjectType('ChangePlanPayload', { description: 'What changePlan did.' })
export class ChangePlanPayload extends Payload {
  @Field(() => SubscriptionType, { nullable: true, description: 'The subscription as it is now.' }) subscription!: SubscriptionView | null;
}
@ObjectType('CancelSubscriptionPayload', { description: 'What cancelSubscription did.' })
export class CancelSubscriptionPayload extends Payload {
  @Field(() => SubscriptionType, { nullable: true, description: 'The subscription as it is now.' }) subscription!: SubscriptionView | null;
}
@InputType('CancelSubscriptionInput', { description: 'What to cancel: what the tenant of the request has bought.' })
export class CancelSubscriptionInputType {
  @Field(() => String, { nullable: true, description: 'Why, for the audit trail: one line of at most 500 characters.' }) reason?: string | null;
}
@InputType('StartCheckoutInput', { description: 'What is to be paid for.' })
export class StartCheckoutInputType implements StartCheckoutInput {
  @Field(() => PlanKey, { description: 'The plan.' }) plan!: Key;
  @Field(() => Int, { nullable: true, description: 'How many seats; as many as are included when it is left out.' }) seats?: number | null;
  @Field(() => String, { nullable: true, description: 'In which currency: USD, which it is when it is left out, or EUR.' }) currency?: string | null;
  @Field(() => String, { nullable: true, description: 'Where the browser goes afterwards.' }) returnUrl?: string | null;
}
@ObjectType('StartCheckoutPayload', { description: 'What startCheckout did.' })
export class StartCheckoutPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'Where the way to pay is given.' }) url!: string | null;
}
@InputType('OpenBillingPortalInput', { description: 'How to come back.' })
export class OpenBillingPortalInputType {
  @Field(() => String, { nullable: true, description: 'Where the browser goes afterwards.' }) returnUrl?: string | null;
}
@ObjectType('OpenBillingPortalPayload', { description: 'What openBillingPortal did.' })
export class OpenBillingPortalPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'Where the way to pay is seen and changed.' }) url!: string | null;
}
