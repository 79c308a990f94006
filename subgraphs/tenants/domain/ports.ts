/** What the use cases need of the world. A port is the plural noun of what it keeps; infrastructure says with what. */
import type { ApiKeyId, InvitationId, TenantId, UserId } from '../../../platform/ids.ts';
import type { ApiKey, KeyMark } from './api-key.ts';
import type { AuditTrails } from './audit-trails.ts';
import type { DeadLetter, DeadLetterId } from './dead-letter.ts';
import type { Invitation } from './invitation.ts';
import type { Membership } from './membership.ts';
import type { Tenant } from './tenant.ts';

/** Part of a list: up to `first + 1` rows after the row with these keys; the one more only says that there is one. */
export interface Span { first: number; after: readonly string[] | null }

/**
 * Tenants by row-level security: the current one, and those that the current person belongs to. Slugs are the one thing
 * that is unique over all tenants; the constraint tells, no query could.
 */
export interface Tenants {
  byIds(ids: readonly TenantId[]): Promise<Tenant[]>;
  bySlug(slug: string): Promise<Tenant | null>;
  /** Held until the work is done, so that whoever counts owners counts alone. */
  locked(id: TenantId): Promise<Tenant | null>;
  add(tenant: Tenant): void;
}

export interface Memberships {
  of(tenantId: TenantId, userId: UserId): Promise<Membership | null>;
  /** Those of these people who belong to the tenant. */
  among(tenantId: TenantId, userIds: readonly UserId[]): Promise<Membership[]>;
  count(tenantId: TenantId): Promise<number>;
  owners(tenantId: TenantId): Promise<number>;
  ownerIds(tenantId: TenantId): Promise<UserId[]>;
  /** Its owners and admins. */
  managerIds(tenantId: TenantId): Promise<UserId[]>;
  page(tenantId: TenantId, span: Span): Promise<Membership[]>;
  /** A person's own, in any tenant: the scope must be that person's. By tenant id. */
  own(userId: UserId, span: Span): Promise<Membership[]>;
  ownIn(userId: UserId, tenantIds: readonly TenantId[]): Promise<Membership[]>;
  add(membership: Membership): void;
  remove(membership: Membership): void;
}

export interface Invitations {
  byIds(tenantId: TenantId, ids: readonly InvitationId[]): Promise<Invitation[]>;
  locked(tenantId: TenantId, id: InvitationId): Promise<Invitation | null>;
  lockedByHash(tenantId: TenantId, tokenHash: string): Promise<Invitation | null>;
  /** The one neither accepted nor revoked, be it expired. */
  lockedTo(tenantId: TenantId, email: string): Promise<Invitation | null>;
  open(tenantId: TenantId): Promise<number>;
  page(tenantId: TenantId, span: Span): Promise<Invitation[]>;
  add(invitation: Invitation): void;
}

export interface ApiKeys {
  byIds(tenantId: TenantId, ids: readonly ApiKeyId[]): Promise<ApiKey[]>;
  byHash(tenantId: TenantId, hash: string): Promise<ApiKey | null>;
  locked(tenantId: TenantId, id: ApiKeyId): Promise<ApiKey | null>;
  /** Of this person, not revoked. */
  liveOf(tenantId: TenantId, userId: UserId): Promise<ApiKey[]>;
  live(tenantId: TenantId): Promise<number>;
  page(tenantId: TenantId, span: Span): Promise<ApiKey[]>;
  add(key: ApiKey): void;
  used(tenantId: TenantId, uses: ReadonlyMap<ApiKeyId, Date>): Promise<void>;
}

export interface DeadLetters {
  /** The newest first. */
  page(tenantId: TenantId, span: Span): Promise<DeadLetter[]>;
  /** Makes it due at once; null when the tenant has none with this id. */
  askAgain(tenantId: TenantId, id: DeadLetterId): Promise<DeadLetter | null>;
}

/** What was handled already, remembered in the work of its effect. */
export interface Heard { firstTime(consumer: string, eventId: string): Promise<boolean> }

export interface Ports { tenants: Tenants; memberships: Memberships; invitations: Invitations; apiKeys: ApiKeys; audit: AuditTrails; deadLetters: DeadLetters; heard: Heard }

/** The texts that are handed out once and kept only as hashes. */
export interface Tokens {
  newKey(tenant: { id: TenantId; sandbox: boolean }): KeyMark & { text: string };
  demoKey(tenant: { id: TenantId; sandbox: boolean }): KeyMark & { text: string };
  /** The same for the same letter, so that a letter that has to be sent twice says the same. */
  invitation(tenantId: TenantId, letterFor: string): { token: string; hash: string };
  readInvitation(token: string): { tenantId: TenantId; hash: string } | null;
}

export interface Letters { invite(letter: { to: string; tenant: { name: string; sandbox: boolean }; role: string; token: string; expiresAt: Date }): Promise<void> }

export interface AddressRanges {
  /** An address or a range in its one spelling; null when it is neither. */
  normal(text: string): string | null;
}
