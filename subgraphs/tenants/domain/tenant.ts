import { Aggregate } from '../../../platform/aggregate.ts';
import { decimal } from '../../../platform/decimal.ts';
import { AtlasError } from '../../../platform/errors.ts';
import type { TenantId, UserId } from '../../../platform/ids.ts';
import { featureSet, memberJoined, memberRemoved, memberRoleChanged, tenantCreated, tenantRecalled, tenantUpdated } from '../events.ts';
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
  /** What its plan switches on beside them, and how many may belong to it; null while nobody has said. */
  planFeatures: string[];
  seats: number | null;
  /** Of what billing has told: the highest is the newest. */
  entitledVersion: number;
  /** Whether whoever came after it has been told that it is there. */
  recalled: boolean;
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
    this.planFeatures = [];
    this.seats = null;
    this.entitledVersion = 0;
    this.recalled = true;
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

  recall(): void {
    if (this.recalled) return;
    this.recalled = true;
    this.record(tenantRecalled({ tenantId: this.id, sandbox: this.sandbox }));
  }

  /** What follows from the plan from now on; what is older than what is known changes nothing. Billing has told it to everybody already. */
  entitle({ version, features, seats }: { version: number; features: readonly string[]; seats: number }): void {
    if (version <= this.entitledVersion) return;
    this.entitledVersion = version;
    this.planFeatures = [...features];
    this.seats = seats;
  }

  /** `members` is how many there are. Whoever is there already stays, be they more than the plan holds. */
  refuseOneMore(members: number, ...path: string[]): void {
    if (this.seats === null || members < this.seats) return;
    throw new AtlasError('PLAN_LIMIT', `The plan of this tenant has ${this.seats} seats, and all are taken.`, { path: ['input', ...path] });
  }

  join(userId: UserId, role: Role): Membership {
    const membership = new Membership({ tenantId: this.id, userId, role, joinedAt: new Date() });
    this.memberChanges += 1;
    this.record(memberJoined({ tenantId: this.id, userId, role }, { audit: ofMember(userId, undefined, { role }), usage: [seat(userId, 1)] }));
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
    this.record(memberRemoved({ tenantId: this.id, userId: membership.userId, reason }, { audit: ofMember(membership.userId, { role: membership.role }, undefined), usage: [seat(membership.userId, -1)] }));
  }

  private audit(before: unknown, after: unknown) {
    return { entityType: 'Tenant', entityId: this.id, before, after };
  }
}

/** Counted in metering: who has a seat, whoever gave or took it. */
const seat = (userId: UserId, change: number) => ({ metric: 'seats', quantity: decimal(change), attributes: { userId } });
const ofMember = (userId: UserId, before: unknown, after: unknown) => ({ entityType: 'Member', entityId: userId, before, after });
