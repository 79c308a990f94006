/**
 * Sends what is due. Each webhook is a lane of its own: one process serves it at a time, under a lease, a few deliveries
 * beside each other; whoever is slow or dead holds up nobody but itself. What a killed process leaves is taken over when
 * its lease ends, and is sent again under the same `webhook-id`.
 */
import type { Scope, Work } from '../../../platform/work.ts';
import type { Due, DueLanes, Receivers, WebhookPorts, WebhookSecrets } from '../domain/webhook-ports.ts';
import { chooseLanes, disableReason, isDelivered, isFailing, pauseAfter, waitAfter, type Answer, type Health, type Lane, type SendingTerms } from '../domain/webhook-sending.ts';
import type { Webhook } from '../domain/webhook.ts';

const BATCH_MAX = 20;
const AT_ONCE_MAX = 4;
const DISABLED = 'The webhook was disabled.';

export interface Sender {
  /** Begins what can be begun; does not wait until it is done. */
  round(): Promise<void>;
  /** Waits for what runs. */
  settled(): Promise<void>;
}

interface Given {
  work: Work<WebhookPorts>;
  dueLanes: DueLanes;
  receivers: Receivers;
  secrets: WebhookSecrets;
  terms: SendingTerms;
  timeoutMs: number;
  /** A lane is free again, so that there may be more to begin. */
  freed: () => void;
  onAttempt: (outcome: 'delivered' | 'failed') => void;
  onFault: (error: unknown) => void;
}

export function sendWebhooks(given: Given): Sender {
  const running = new Map<Lane, Promise<void>>();
  const begin = (lane: Lane) => {
    const done = serve(given, lane).then((served) => served, (error: unknown) => { given.onFault(error); return false; });
    running.set(lane, done.then((served) => {
      running.delete(lane);
      if (served) given.freed();
    }));
  };
  return {
    round: async () => chooseLanes(await given.dueLanes(), [...running.keys()]).forEach(begin),
    settled: async () => void await Promise.all(running.values()),
  };
}

const scopeOf = ({ tenantId }: Lane): Scope => ({ kind: 'system', id: 'system:tenants', userId: null, tenantId });

/** One batch of one lane. False when there was nothing to do. */
async function serve(given: Given, lane: Lane): Promise<boolean> {
  const { work, timeoutMs } = given;
  const failing = isFailing(lane);
  const taken = await work(scopeOf(lane), async ({ webhooks, webhookLanes }) => {
    // None is begun after one timeout, and the last ends within another: before the lease does.
    const found = await webhookLanes.take(lane.tenantId, lane.webhookId, { leaseMs: 3 * timeoutMs, max: failing ? 1 : BATCH_MAX });
    const [webhook] = found ? await webhooks.byIds(lane.tenantId, [lane.webhookId]) : [];
    return found && webhook ? { ...found, webhook } : null;
  });
  if (!taken) return false;

  const enabled = taken.webhook.isEnabled();
  // What was queued while it was being disabled would keep the lane due for ever.
  if (!enabled) await work(scopeOf(lane), (ports) => giveUpWhenDisabled(ports, lane));
  const until = Date.now() + timeoutMs;
  const waiting = enabled ? [...taken.due] : [];
  let pauseMs = 0;
  const one = async () => {
    for (let next = waiting.shift(); next && pauseMs === 0 && Date.now() < until; next = waiting.shift()) pauseMs = Math.max(pauseMs, await attempt(given, lane, taken.webhook, next));
  };
  await Promise.all(Array.from({ length: failing ? 1 : AT_ONCE_MAX }, one));
  await work(scopeOf(lane), ({ webhookLanes }) => webhookLanes.free(lane.webhookId, { lease: taken.lease, pauseMs }));
  return true;
}

/** One attempt, and what follows from it. Answers how long the lane is to be left alone. */
async function attempt(given: Given, lane: Lane, webhook: Webhook, { id, eventId, payload, tries }: Due): Promise<number> {
  const { receivers, secrets, terms } = given;
  const headers = secrets.headers({ tenantId: lane.tenantId, eventId, payload, sealed: webhook.secrets() });
  const answer = await receivers.post({ url: webhook.url, format: webhook.format, headers, payload });
  const delivered = isDelivered(answer);
  given.onAttempt(delivered ? 'delivered' : 'failed');
  if (delivered) {
    await given.work(scopeOf(lane), async ({ webhookLanes, webhookDeliveries }) => {
      await webhookLanes.succeeded(lane.webhookId);
      await webhookDeliveries.attempted(id, { answer, state: 'DELIVERED', waitMs: null });
    });
    return 0;
  }
  const waitMs = waitAfter(answer, tries + 1, terms, Math.random());
  const health = await given.work(scopeOf(lane), async (ports) => {
    const held = await ports.webhooks.locked(lane.tenantId, lane.webhookId);
    const now = await ports.webhookLanes.failed(lane.webhookId);
    // Disabled while this was on its way: what waited has been given up, and so is this.
    const again = held?.isEnabled() ? waitMs : null;
    await ports.webhookDeliveries.attempted(id, { answer, state: again === null ? 'FAILED' : 'PENDING', waitMs: again });
    if (held) await disableWhenDue(ports, held, answer, now, terms);
    return now;
  });
  return pauseAfter(answer, health, terms, Math.random());
}

async function disableWhenDue(ports: WebhookPorts, webhook: Webhook, answer: Answer, health: Health, terms: SendingTerms): Promise<void> {
  const reason = webhook.isEnabled() ? disableReason(answer, health, terms, Date.now()) : null;
  if (reason === null) return;
  const { tenantId } = webhook;
  const [tenant] = await ports.tenants.byIds([tenantId]);
  webhook.disable(reason, { tenantName: tenant?.name ?? '', sandbox: tenant?.sandbox ?? false, ownerIds: await ports.memberships.ownerIds(tenantId) });
  await ports.webhookDeliveries.giveUp(tenantId, webhook.id, DISABLED);
}

async function giveUpWhenDisabled({ webhooks, webhookDeliveries }: WebhookPorts, { tenantId, webhookId }: Lane): Promise<void> {
  const webhook = await webhooks.locked(tenantId, webhookId);
  if (webhook && !webhook.isEnabled()) await webhookDeliveries.giveUp(tenantId, webhookId, DISABLED);
}
