import { Aggregate } from '../../../platform/aggregate.ts';
import { AtlasError } from '../../../platform/errors.ts';
import { newId, type InvitationId, type TenantId, type UserId } from '../../../platform/ids.ts';
import { invitationRevoked, memberInvited } from '../events.ts';
import type { Role } from './role.ts';

export const INVITATION_DAYS = 7;
const DAY_MS = 24 * 3_600_000;

export class Invitation extends Aggregate {
  readonly id: InvitationId;
  readonly tenantId: TenantId;
  readonly email: string;
  /** Whose word it is: it is worth no more than they are when it is accepted. */
  invitedBy: UserId | null;
  role: Role;
  expiresAt: Date;
  acceptedAt: Date | null;
  acceptedBy: UserId | null;
  revokedAt: Date | null;
  /** Of the token in the letter; null until the letter is written. */
  tokenHash: string | null;
  /** Which event the letter was for: an invitation that is sent again tells a new one. */
  letterFor: string | null;

  private constructor(given: { tenantId: TenantId; email: string; role: Role; by: UserId | null }) {
    super();
    this.id = newId('inv');
    this.tenantId = given.tenantId;
    this.email = given.email;
    this.invitedBy = given.by;
    this.role = given.role;
    this.expiresAt = new Date(Date.now() + INVITATION_DAYS * DAY_MS);
    this.acceptedAt = null;
    this.acceptedBy = null;
    this.revokedAt = null;
    this.tokenHash = null;
    this.letterFor = null;
  }

  static to(given: { tenantId: TenantId; email: string; role: Role; by: UserId | null }): Invitation {
    const invitation = new Invitation(given);
    invitation.tell(undefined);
    return invitation;
  }

  /** The same address again: one invitation, the newest role, and only the newest letter counts. */
  renew(role: Role, by: UserId | null): void {
    const before = this.facts();
    this.invitedBy = by;
    this.role = role;
    this.expiresAt = new Date(Date.now() + INVITATION_DAYS * DAY_MS);
    this.tokenHash = null;
    this.letterFor = null;
    this.tell(before);
  }

  isOpen(): boolean {
    return this.acceptedAt === null && this.revokedAt === null && this.expiresAt.getTime() > Date.now();
  }

  accept(userId: UserId): void {
    if (!this.isOpen()) throw tokenInvalid();
    this.acceptedAt = new Date();
    this.acceptedBy = userId;
  }

  revoke(): void {
    if (this.revokedAt) return;
    if (this.acceptedAt) throw new AtlasError('INVALID_INPUT', 'This invitation was accepted: remove the member instead.', { path: ['input', 'id'] });
    this.revokedAt = new Date();
    this.record(invitationRevoked({ tenantId: this.tenantId, invitationId: this.id }, { audit: { entityType: 'Invitation', entityId: this.id, before: this.facts(), after: undefined } }));
  }

  private facts() {
    return { email: this.email, role: this.role, expiresAt: this.expiresAt.toISOString() };
  }

  private tell(before: unknown): void {
    const after = this.facts();
    this.record(memberInvited({ tenantId: this.tenantId, invitationId: this.id, ...after }, { audit: { entityType: 'Invitation', entityId: this.id, before, after } }));
  }
}

/** Unknown, used, expired and revoked sound the same: whoever tries tokens learns nothing. */
export const tokenInvalid = (): AtlasError => new AtlasError('TOKEN_INVALID', undefined, { path: ['input', 'token'] });
