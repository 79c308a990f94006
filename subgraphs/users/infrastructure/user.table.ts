import { EntitySchema } from '@mikro-orm/postgresql';
import { User } from '../domain/user.ts';

export const UserTable = new EntitySchema<User>({
  class: User,
  tableName: 'user',
  properties: {
    id: { type: 'string', primary: true },
    email: { type: 'string' },
    name: { type: 'string' },
    passwordHash: { type: 'string' },
    emailVerifiedAt: { type: 'datetime', nullable: true },
    createdAt: { type: 'datetime' },
    version: { type: 'integer', version: true },
  } as never,
});
