import { EntitySchema } from '@mikro-orm/postgresql';
import { Session } from '../domain/session.ts';

export const SessionTable = new EntitySchema<Session>({
  class: Session,
  tableName: 'session',
  properties: {
    id: { type: 'string', primary: true },
    userId: { type: 'string' },
    generation: { type: 'integer' },
    tokenHash: { type: 'string' },
    rotatedAt: { type: 'datetime' },
    createdAt: { type: 'datetime' },
    lastSeenAt: { type: 'datetime' },
    expiresAt: { type: 'datetime' },
    endedAt: { type: 'datetime', nullable: true },
    endReason: { type: 'string', nullable: true },
    userAgent: { type: 'string', nullable: true },
    address: { type: 'string', nullable: true },
    version: { type: 'integer', version: true },
  } as never,
});
