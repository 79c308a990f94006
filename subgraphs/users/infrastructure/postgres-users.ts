import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { UserId } from '../../../platform/ids.ts';
import { User, type Users } from '../domain/user.ts';

const LOCKS = { share: LockMode.PESSIMISTIC_READ, change: LockMode.PESSIMISTIC_WRITE };

export class PostgresUsers implements Users {
  constructor(private readonly em: EntityManager) {}

  byIds(ids: readonly UserId[]): Promise<User[]> {
    return this.em.find(User, { id: { $in: [...ids] } });
  }
  withEmail(email: string): Promise<User | null> {
    return this.em.findOne(User, { email });
  }
  held(id: UserId, how: 'share' | 'change'): Promise<User | null> {
    return this.em.findOne(User, { id }, { lockMode: LOCKS[how], refresh: true });
  }
  add(user: User): void {
    this.em.persist(user);
  }
}
