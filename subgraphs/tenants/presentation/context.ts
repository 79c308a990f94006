/** What one request of this service carries: who asks, and what has been loaded for them already. */
import type DataLoader from 'dataloader';
import { isId, type TenantId } from '../../../platform/ids.ts';
import type { Reference } from '../../../platform/graph-guard.ts';
import { batched, byId } from '../../../platform/loader.ts';
import { check, type Rule } from '../../../platform/policy.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { ListOfTenant } from '../application/list-of-tenant.ts';
import type { ListWebhooks } from '../application/list-webhooks.ts';
import type { SeeAudit } from '../application/see-audit.ts';
import type { SeeTenants } from '../application/see-tenants.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { AuditEvent } from '../domain/audit-chain.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { TenantView } from '../domain/tenant-view.ts';
import type { WebhookDelivery } from '../domain/webhook-delivery.ts';
import type { Webhook } from '../domain/webhook.ts';
import { policy } from './policy.ts';

export interface Context {
  viewer: Viewer;
  /** Tenants with the viewer's role in each, which is what the rights of their fields go by. */
  tenants: DataLoader<TenantId, TenantView | null>;
  invitations: DataLoader<Invitation['id'], Invitation | null>;
  apiKeys: DataLoader<ApiKey['id'], ApiKey | null>;
  /** Those of another tenant that the viewer was let into. */
  apiKeysOf(tenantId: TenantId): Context['apiKeys'];
  auditEvents: DataLoader<AuditEvent['id'], AuditEvent | null>;
  webhooks: DataLoader<Webhook['id'], Webhook | null>;
  webhookDeliveries: DataLoader<WebhookDelivery['id'], WebhookDelivery | null>;
}

export const contextOver = (given: { seeTenants: SeeTenants; listOf: ListOfTenant; seeAudit: SeeAudit; listWebhooks: ListWebhooks }) => (viewer: Viewer): Context => ({
  viewer,
  tenants: batched<TenantId, TenantView>(async (ids) => byId(await given.seeTenants.byIds(viewer, ids))),
  invitations: batched<Invitation['id'], Invitation>(async (ids) => byId(await given.listOf.invitationsById(viewer, ids))),
  apiKeys: batched<ApiKey['id'], ApiKey>(async (ids) => byId(await given.listOf.apiKeysById(viewer, ids))),
  apiKeysOf: once((tenantId: TenantId) => batched<ApiKey['id'], ApiKey>(async (ids) => byId(await given.listOf.apiKeysById({ ...viewer, tenantId }, ids)))),
  auditEvents: batched<AuditEvent['id'], AuditEvent>(async (ids) => byId(await given.seeAudit.byIds(viewer, ids))),
  webhooks: batched<Webhook['id'], Webhook>(async (ids) => byId(await given.listWebhooks.webhooksById(viewer, ids))),
  webhookDeliveries: batched<WebhookDelivery['id'], WebhookDelivery>(async (ids) => byId(await given.listWebhooks.deliveriesById(viewer, ids))),
});

function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

/**
 * An `id` was handed out by a service; a `nodeId` was typed by a client, who must have the right to the list that it
 * would appear in. A request acts in one tenant, so keys, invitations and webhooks are found in that one.
 */
export const references: Record<string, Reference<Context>> = {
  Tenant: async ({ id, nodeId }, { tenants }) => {
    const wanted = id ?? nodeId;
    return isId('tnt', wanted) ? tenants.load(wanted) : null;
  },
  Invitation: async ({ id, nodeId }, { viewer, tenants, invitations }) => {
    const wanted = id ?? nodeId;
    if (!isId('inv', wanted) || (id === undefined && !await maySee('invitations', viewer, tenants))) return null;
    return invitations.load(wanted);
  },
  ApiKey: async ({ id, nodeId }, { viewer, tenants, apiKeys }) => {
    const wanted = id ?? nodeId;
    if (!isId('key', wanted) || (id === undefined && !await maySee('apiKeys', viewer, tenants))) return null;
    return apiKeys.load(wanted);
  },
  AuditEvent: async ({ id, nodeId }, { viewer, tenants, auditEvents }) => {
    const wanted = id ?? nodeId;
    if (!isId('evt', wanted) || !await maySee('auditEvents', viewer, tenants)) return null;
    return auditEvents.load(wanted);
  },
  Webhook: async ({ id, nodeId }, { viewer, tenants, webhooks }) => {
    const wanted = id ?? nodeId;
    if (!isId('whk', wanted) || (id === undefined && !await maySee('webhooks', viewer, tenants))) return null;
    return webhooks.load(wanted);
  },
  WebhookDelivery: async ({ id, nodeId }, { viewer, tenants, webhookDeliveries }) => {
    const wanted = id ?? nodeId;
    if (!isId('whd', wanted) || (id === undefined && !await maySee('webhooks', viewer, tenants))) return null;
    return webhookDeliveries.load(wanted);
  },
};

async function maySee(list: 'invitations' | 'apiKeys' | 'auditEvents' | 'webhooks', viewer: Viewer, tenants: Context['tenants']): Promise<boolean> {
  const tenant = viewer.tenantId && await tenants.load(viewer.tenantId);
  if (!tenant) return false;
  try {
    check(policy.Tenant![list] as Rule, viewer, tenant);
    return true;
  } catch {
    return false;
  }
}
