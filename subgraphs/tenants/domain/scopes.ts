/** What a key can be allowed, in one table: the graph publishes it, keys are checked against it. */
import { AtlasError } from '../../../platform/errors.ts';
import { atLeast, type Role } from './role.ts';

export interface Scope {
  name: string;
  description: string;
  /** Which part of the graph it opens. */
  reaches: string;
  /** Who may hand it out, and must still be at least this for it to work. */
  leastRole: Role;
}

export const SCOPES: readonly Scope[] = [
  { name: 'tenants:read', description: 'See who belongs to the tenant.', reaches: 'Tenant.members', leastRole: 'GUEST' },
  { name: 'tenants:admin', description: 'Manage the tenant, its members and invitations, as an ADMIN does, see and revoke its keys, and see and replay its dead letters.', reaches: 'updateTenant, setFeature, Tenant.invitations, Tenant.apiKeys, inviteMember, revokeInvitation, changeMemberRole, removeMember, revokeApiKey, deadLetters, replayDeadLetter', leastRole: 'ADMIN' },
  { name: 'audit:read', description: 'Read who did what in the tenant, and whether the trail is whole.', reaches: 'Tenant.auditEvents, Tenant.auditTrail', leastRole: 'ADMIN' },
  { name: 'webhooks:manage', description: 'Manage webhooks, and with them hear of everything that happens in the tenant.', reaches: 'Tenant.webhooks, createWebhook, updateWebhook, rotateWebhookSecret, deleteWebhook, sendTestWebhook, redeliverWebhook', leastRole: 'ADMIN' },
  { name: 'collections:read', description: 'Read collections and their items.', reaches: 'collections, collection, item, exportCollection, job, jobs, jobProgress, cancelJob, retryJob', leastRole: 'GUEST' },
  { name: 'collections:write', description: 'Create, change, share and delete collections.', reaches: 'createCollection, updateCollection, deleteCollection, shareCollection, unshareCollection', leastRole: 'MEMBER' },
  { name: 'items:write', description: 'Create, change, import and delete items.', reaches: 'createItem, updateItem, deleteItem, restoreItem, importItems', leastRole: 'MEMBER' },
  { name: 'search:read', description: 'Search what the key may read.', reaches: 'search, suggest, savedSearches', leastRole: 'GUEST' },
  { name: 'ai:ask', description: 'Ask questions and read the answers.', reaches: 'ask, conversations, conversation', leastRole: 'MEMBER' },
  { name: 'billing:read', description: 'See plan, usage, invoices and budgets.', reaches: 'Tenant.plan, Tenant.usage, Tenant.invoices, Tenant.budgets', leastRole: 'ADMIN' },
  { name: 'usage:write', description: 'Record usage of your own metrics.', reaches: 'recordUsage', leastRole: 'ADMIN' },
];

const byName = new Map(SCOPES.map((scope) => [scope.name, scope]));

/** What a person of this role may still have a key do. */
export const scopesWithin = (names: readonly string[], role: Role): string[] =>
  names.filter((name) => atLeast(role, byName.get(name)?.leastRole ?? 'OWNER'));

/** The scopes of a request, each once and in the table's order; refuses the unknown, and those above the role of who asks. */
export function scopesOf(names: readonly string[], role: Role): string[] {
  const unknown = names.findIndex((name) => !byName.has(name));
  if (unknown >= 0) throw new AtlasError('SCOPE_UNKNOWN', undefined, { path: ['input', 'scopes', String(unknown)] });
  if (names.length === 0) throw new AtlasError('INVALID_INPUT', 'A key needs at least one scope.', { path: ['input', 'scopes'] });
  const wanted = SCOPES.filter(({ name }) => names.includes(name));
  const above = wanted.find(({ leastRole }) => !atLeast(role, leastRole));
  if (above) throw new AtlasError('FORBIDDEN', `The scope ${above.name} needs role ${above.leastRole}.`, { missing: `role ${above.leastRole}` });
  return wanted.map(({ name }) => name);
}

/** What a key amounts to as a role, where a person's role would stand. */
export function roleOfScopes(names: readonly string[]): Role {
  if (names.includes('tenants:admin')) return 'ADMIN';
  return names.some((name) => byName.get(name)?.leastRole === 'MEMBER') ? 'MEMBER' : 'GUEST';
}
