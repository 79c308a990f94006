import { Aggregate } from '../../../platform/aggregate.ts';
import { newId, type TenantId, type UserId, type WebhookId } from '../../../platform/ids.ts';
import { invalid, lineOf } from '../../../platform/text.ts';
import { webhookCreated, webhookDeleted, webhookDisabled, webhookSecretRotated, webhookTested, webhookUpdated } from '../events.ts';
import { typesOf, wants } from './webhook-types.ts';

export const WEBHOOKS_MAX = 20;
export const SECRET_OVERLAP_SECONDS = 24 * 3_600;
const SECRET_OVERLAP_SECONDS_MAX = 7 * 24 * 3_600;
const DESCRIPTION_MAX = 200;
const URL_MAX = 2_000;

/** Why it is off: somebody wished it, the receiver answered 410 Gone, or nothing has arrived for days. */
export type DisabledReason = 'REQUESTED' | 'GONE' | 'FAILING';

/** How what happened is written: whole, for programs; or as a sentence for a channel of people, as Slack and those who took its form over read it. */
export type WebhookFormat = 'CLOUD_EVENT' | 'SLACK';

/** What may be changed about a webhook; what is undefined or null stays. */
export interface WebhookTerms {
  url?: string | null | undefined;
  eventTypes?: string[] | null | undefined;
  description?: string | null | undefined;
  enabled?: boolean | null | undefined;
}

/** Where a tenant's events are sent, and which. Its secrets are kept sealed: they must be read to sign. */
export class Webhook extends Aggregate {
  readonly id: WebhookId;
  readonly tenantId: TenantId;
  readonly createdAt: Date;
  /** For good: what waits was written in it. */
  readonly format: WebhookFormat;
  url: string;
  eventTypes: string[];
  description: string;
  secret: string;
  /** The secret before the last rotation, which signs beside the new one for a while. */
  formerSecret: string | null;
  formerSecretUntil: Date | null;
  disabledAt: Date | null;
  disabledReason: DisabledReason | null;

  private constructor(given: { tenantId: TenantId; secret: string; format: WebhookFormat }) {
    super();
    this.id = newId('whk');
    this.tenantId = given.tenantId;
    this.createdAt = new Date();
    this.format = given.format;
    this.url = '';
    this.eventTypes = [];
    this.description = '';
    this.secret = given.secret;
    this.formerSecret = null;
    this.formerSecretUntil = null;
    this.disabledAt = null;
    this.disabledReason = null;
  }

  static create(given: { tenantId: TenantId; secret: string; format: WebhookFormat; terms: WebhookTerms & { url: string; eventTypes: string[] } }): Webhook {
    const webhook = new Webhook(given);
    webhook.settle(given.terms);
    webhook.record(webhookCreated({ tenantId: webhook.tenantId, webhookId: webhook.id, ...webhook.facts() }, webhook.audit(undefined, { ...webhook.facts(), format: webhook.format })));
    return webhook;
  }

  isEnabled(): boolean {
    return this.disabledAt === null;
  }

  update(terms: WebhookTerms): void {
    const [before, urlBefore] = [this.facts(), this.url];
    this.settle(terms);
    const after = this.facts();
    if (this.url === urlBefore && JSON.stringify(before) === JSON.stringify(after)) return;
    this.record(webhookUpdated({ tenantId: this.tenantId, webhookId: this.id, ...after }, this.audit(before, after)));
  }

  rotate(secret: string, overlapSeconds: number): void {
    if (overlapSeconds < 0 || overlapSeconds > SECRET_OVERLAP_SECONDS_MAX) throw invalid(`Between 0 and ${SECRET_OVERLAP_SECONDS_MAX} seconds.`, 'overlapSeconds');
    this.formerSecret = this.secret;
    this.formerSecretUntil = new Date(Date.now() + overlapSeconds * 1_000);
    this.secret = secret;
    const formerUntil = this.formerSecretUntil.toISOString();
    this.record(webhookSecretRotated({ tenantId: this.tenantId, webhookId: this.id, formerUntil }, this.audit(undefined, { formerUntil })));
  }

  /** The secrets that sign at this moment, the newest first. */
  secrets(now = Date.now()): string[] {
    return this.formerSecret !== null && this.formerSecretUntil !== null && this.formerSecretUntil.getTime() > now ? [this.secret, this.formerSecret] : [this.secret];
  }

  test(): void {
    this.refuseDisabled('id');
    this.record(webhookTested({ tenantId: this.tenantId, webhookId: this.id }, this.audit(undefined, undefined)));
  }

  delete(): void {
    this.record(webhookDeleted({ tenantId: this.tenantId, webhookId: this.id }, this.audit(this.facts(), undefined)));
  }

  /** By Atlas itself; its owners are told. */
  disable(reason: 'GONE' | 'FAILING', of: { tenantName: string; sandbox: boolean; ownerIds: UserId[] }): void {
    if (!this.isEnabled()) return;
    const before = this.facts();
    this.disabledAt = new Date();
    this.disabledReason = reason;
    this.record(webhookDisabled({ tenantId: this.tenantId, webhookId: this.id, host: before.host, reason, ...of }, this.audit(before, { ...this.facts(), reason })));
  }

  refuseDisabled(...path: string[]): void {
    if (!this.isEnabled()) throw invalid('This webhook is disabled: enable it first.', ...path);
  }

  /** What happened before it was there, or while it was off, is not sent. */
  wants(event: { type: string; subject: string; at: string }): boolean {
    if (!this.isEnabled() || new Date(event.at) < this.createdAt) return false;
    return event.type === webhookTested.type ? event.subject === this.id : wants(this.eventTypes, event.type);
  }

  private settle({ url, eventTypes, description, enabled }: WebhookTerms): void {
    if (url != null) this.url = url;
    if (eventTypes != null) this.eventTypes = typesOf(eventTypes);
    if (description != null) this.description = description.trim() === '' ? '' : lineOf(description, 'description', DESCRIPTION_MAX);
    if (enabled == null || enabled === this.isEnabled()) return;
    this.disabledAt = enabled ? null : new Date();
    this.disabledReason = enabled ? null : 'REQUESTED';
  }

  private facts() {
    const { eventTypes, description } = this;
    return { host: new URL(this.url).host, eventTypes, description, enabled: this.isEnabled() };
  }

  private audit(before: unknown, after: unknown) {
    return { audit: { entityType: 'Webhook', entityId: this.id, before, after } };
  }
}

/** An address in its one spelling. Whether it leads somewhere public, the network alone can say. */
export function targetOf(typed: string, given: { http: boolean }): URL {
  const refuse = (sentence: string) => invalid(sentence, 'url');
  if (typed.length > URL_MAX) throw refuse(`At most ${URL_MAX} characters.`);
  if (!URL.canParse(typed)) throw refuse('This is not an address such as https://example.com/hooks/atlas.');
  const url = new URL(typed);
  if (url.protocol !== 'https:' && !(given.http && url.protocol === 'http:')) throw refuse('The address must begin with https://.');
  if (url.username !== '' || url.password !== '') throw refuse('The address may hold no user name and no password: what arrives is known by its signature.');
  url.hash = '';
  return url;
}
