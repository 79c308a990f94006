import { EntitySchema } from '@mikro-orm/postgresql';
import { Invitation } from '../domain/invitation.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const InvitationTable = new EntitySchema<Invitation>({
  class: Invitation,
  tableName: 'invitation',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    email: { type: 'string' },
    invitedBy: { type: 'string', nullable: true },
    role: { type: 'string' },
    expiresAt: at,
    acceptedAt: { ...at, nullable: true },
    acceptedBy: { type: 'string', nullable: true },
    revokedAt: { ...at, nullable: true },
    tokenHash: { type: 'string', nullable: true },
    letterFor: { type: 'string', nullable: true },
    version: { type: 'integer', version: true },
  },
});
