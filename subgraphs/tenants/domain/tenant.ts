import { Aggregate } from '../../../platform/aggregate.ts';
import type { TenantId, UserId } from '../../../platform/ids.ts';
import { featureSet, memberJoined, memberRemoved, memberRoleChanged, tenantCreated, tenantUpdated } from '../events.ts';
import { Membership } from './membership.ts';
import { lastOwner, refuseUnlessManages, type Role } from './role.ts';
import { invalid, lineOf } from '../../../platform/text.ts';

export const NAME_MAX = 200;
const FEATURE = /^[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*$/;
const FEATURE_LENGTH_MAX = 60;
const FEATURES_MAX = 100;

export class Tenant extends Aggregate {
  readonly id: TenantId;
  slug: string;
  name: string;
  /** Never billed, and no letter leaves. Fixed for life: what was free would otherwise become an unpaid bill. */
  readonly sandbox: boolean;
  features: string[];
  readonly createdAt: Date;
  /** Grows with every change of a membership, and the version with it: by that the events of members are put in order. */
  memberChanges: number;

  private constructor(given: { id: TenantId; slug: string; name: string; sandbox: boolean }) {
    super();
    this.id = given.id;
    this.slug = given.slug;
    this.name = given.name;
    this.sandbox = given.sandbox;
    this.features = [];
    this.createdAt = new Date();
    this.memberChanges = 0;
  }

  static found(given: { id: TenantId; slug: string; name: string; sandbox: boolean; by: UserId }): Tenant {
    const tenant = new Tenant({ ...given, name: lineOf(given.name, 'name', NAME_MAX) });
    const { id, slug, name, sandbox } = tenant;
    tenant.record(tenantCreated({ tenantId: id, slug, name, sandbox, createdBy: given.by }, { audit: tenant.audit(undefined, { slug, name, sandbox }) }));
    return tenant;
  }

  update(given: { name?: string | null | undefined; slug?: string | null | undefined }): void {
    const before = { slug: this.slug, name: this.name };
    if (given.name != null) this.name = lineOf(given.name, 'name', NAME_MAX);
    if (given.slug != null) this.slug = given.slug;
    const { id, slug, name } = this;
    if (slug === before.slug && name === before.name) return;
    this.record(tenantUpdated({ tenantId: id, slug, name }, { audit: this.audit(before, { slug, name }) }));
  }

  setFeature(name: string, enabled: boolean): void {
    if (!FEATURE.test(name) || name.length > FEATURE_LENGTH_MAX) throw invalid(`Up to ${FEATURE_LENGTH_MAX} lower-case letters and digits, parted by hyphens or dots.`, 'name');
    if (this.features.includes(name) === enabled) return;
    if (enabled && this.features.length >= FEATURES_MAX) throw invalid(`A tenant has at most ${FEATURES_MAX} features.`, 'name');
    const before = this.features;
    this.features = enabled ? [...before, name].sort() : before.filter((feature) => feature !== name);
    this.record(featureSet({ tenantId: this.id, name, enabled }, { audit: this.audit({ features: before }, { features: this.features }) }));
  }

  join(userId: UserId, role: Role): Membership {
    const membership = new Membership({ tenantId: this.id, userId, role, joinedAt: new Date() });
    this.memberChanges += 1;
    this.record(memberJoined({ tenantId: this.id, userId, role }, { audit: ofMember(userId, undefined, { role }) }));
    return membership;
  }

  /** `owners` is how many there are while this tenant's row is locked. */
  changeRole(membership: Membership, role: Role, by: { role: Role | null; owners: number }): void {
    const before = membership.role;
    refuseUnlessManages(by.role, before, role);
    if (before === role) return;
    if (before === 'OWNER' && by.owners <= 1) throw lastOwner();
    membership.role = role;
    this.memberChanges += 1;
    this.record(memberRoleChanged({ tenantId: this.id, userId: membership.userId, role, before }, { audit: ofMember(membership.userId, { role: before }, { role }) }));
  }

  remove(membership: Membership, by: { role: Role | null; owners: number }): void {
    refuseUnlessManages(by.role, membership.role);
    this.part(membership, by.owners, 'removed');
  }

  leave(membership: Membership, owners: number): void {
    this.part(membership, owners, 'left');
  }

  private part(membership: Membership, owners: number, reason: 'left' | 'removed'): void {
    if (membership.role === 'OWNER' && owners <= 1) throw lastOwner();
    this.memberChanges += 1;
    this.record(memberRemoved({ tenantId: this.id, userId: membership.userId, reason }, { audit: ofMember(membership.userId, { role: membership.role }, undefined) }));
  }

  private audit(before: unknown, after: unknown) {
    return { entityType: 'Tenant', entityId: this.id, before, after };
  }
}

const ofMember = (userId: UserId, before: unknown, after: unknown) => ({ entityType: 'Member', entityId: userId, before, after });
