import { EntitySchema } from '@mikro-orm/postgresql';
import { Membership } from '../domain/membership.ts';

export const MembershipTable = new EntitySchema<Membership>({
  class: Membership,
  tableName: 'membership',
  properties: {
    tenantId: { type: 'string', primary: true },
    userId: { type: 'string', primary: true },
    role: { type: 'string' },
    joinedAt: { type: 'Date', columnType: 'timestamptz(3)' },
  },
});
