import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserId } from '../../../platform/ids.ts';
import type { OneTimeTokens, TokenPurpose } from '../domain/one-time-token.ts';

type Row = { userId: UserId };
const USABLE = 'purpose = ? AND hash = ? AND used_at IS NULL AND expires_at > ?';

export class PostgresOneTimeTokens implements OneTimeTokens {
  constructor(private readonly em: EntityManager) {}

  async keep({ hash, purpose, userId, expiresAt }: Parameters<OneTimeTokens['keep']>[0]): Promise<void> {
    await this.em.execute('INSERT INTO users.one_time_token (hash, purpose, user_id, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [hash, purpose, userId, expiresAt], 'run');
  }
  async owner(purpose: TokenPurpose, hash: string, now: Date): Promise<UserId | null> {
    const [row] = await this.em.execute<Row[]>(`SELECT user_id AS "userId" FROM users.one_time_token WHERE ${USABLE}`, [purpose, hash, now], 'all');
    return row?.userId ?? null;
  }
  async take(purpose: TokenPurpose, hash: string, now: Date): Promise<UserId | null> {
    const [row] = await this.em.execute<Row[]>(`UPDATE users.one_time_token SET used_at = ? WHERE ${USABLE} RETURNING user_id AS "userId"`, [now, purpose, hash, now], 'all');
    return row?.userId ?? null;
  }
  async dropOf(userId: UserId, purpose: TokenPurpose, now: Date): Promise<void> {
    await this.em.execute('UPDATE users.one_time_token SET used_at = ? WHERE user_id = ? AND purpose = ? AND used_at IS NULL', [now, userId, purpose], 'run');
  }
}
