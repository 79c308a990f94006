import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../platform/database/database.ts';
import type { Hold, ProviderLanes, ProviderSignal, Subject } from '../domain/provider-signals.ts';

const FREE = '(leased_until IS NULL OR leased_until <= now())';
const FORGET_MAX = 500;
/** As text: the ORM would make one parameter of each. */
const arrayOf = (texts: readonly string[]): string => `{${texts.map((one) => JSON.stringify(one)).join(',')}}`;

export class PostgresProviderLanes implements ProviderLanes {
  constructor(private readonly em: EntityManager) {}

  async keep({ id, type, subject, at }: ProviderSignal): Promise<boolean> {
    const kept = await this.em.execute<unknown[]>('INSERT INTO billing.provider_signal (id, type, subject, told_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id', [id, type, subject, at], 'all');
    return kept.length > 0;
  }

  async wake(subjects: readonly Subject[]): Promise<void> {
    if (subjects.length === 0) return;
    await this.em.execute(
      `INSERT INTO billing.provider_lane (subject, due_at) SELECT unnest(?::text[]), now()
       ON CONFLICT (subject) DO UPDATE SET due_at = now(), woken = provider_lane.woken + 1, tries = 0`, [arrayOf(subjects)], 'run');
  }

  async wakeStale(subjects: readonly Subject[]): Promise<void> {
    if (subjects.length === 0) return;
    await this.em.execute(
      `INSERT INTO billing.provider_lane (subject, due_at) SELECT unnest(?::text[]), now()
       ON CONFLICT (subject) DO UPDATE SET due_at = now() WHERE provider_lane.due_at IS NULL AND provider_lane.looked_at < now() - interval '1 day'`, [arrayOf(subjects)], 'run');
  }

  async due(max: number): Promise<Subject[]> {
    const rows = await this.em.execute<{ subject: Subject }[]>(`SELECT subject FROM billing.provider_lane WHERE due_at <= now() AND ${FREE} ORDER BY due_at LIMIT ?`, [max], 'all');
    return rows.map(({ subject }) => subject);
  }

  async take(subject: Subject, leaseMs: number): Promise<Hold | null> {
    const lease = randomUUID();
    const [taken] = await this.em.execute<{ woken: string; tries: number }[]>(
      `INSERT INTO billing.provider_lane (subject, lease, leased_until) VALUES (?, ?, now() + ?::int * interval '1 millisecond')
       ON CONFLICT (subject) DO UPDATE SET lease = excluded.lease, leased_until = excluded.leased_until
         WHERE (provider_lane.leased_until IS NULL OR provider_lane.leased_until <= now())
       RETURNING woken::text, tries`, [subject, lease, leaseMs], 'all');
    return taken ? { subject, lease, ...taken } : null;
  }

  async free({ subject, lease, woken }: Hold, retryMs: number | null): Promise<void> {
    // What was told before it was taken has been looked at; what was told since has not.
    await this.em.execute(
      `UPDATE billing.provider_lane SET lease = NULL, leased_until = NULL, looked_at = now(),
         tries = CASE WHEN ?::int IS NULL THEN 0 ELSE tries + 1 END,
         due_at = CASE WHEN woken > ?::bigint THEN now() WHEN ?::int IS NULL THEN NULL ELSE now() + ?::int * interval '1 millisecond' END
       WHERE subject = ? AND lease = ?`, [retryMs, woken, retryMs, retryMs, subject, lease], 'run');
  }
}

/** One round of the loop that forgets what is past its use: the provider tells nothing again that is older than some days. */
export const forgetOldSignals = (database: Database): Promise<boolean> =>
  database.transaction({ kind: 'system', id: 'system:billing', userId: null, tenantId: null }, 'write', async (em) => {
    const signals = await em.execute<unknown[]>(`DELETE FROM billing.provider_signal WHERE id IN (SELECT id FROM billing.provider_signal WHERE received_at < now() - interval '90 days' LIMIT ${FORGET_MAX}) RETURNING id`, [], 'all');
    const lanes = await em.execute<unknown[]>(`DELETE FROM billing.provider_lane WHERE subject IN (SELECT subject FROM billing.provider_lane WHERE due_at IS NULL AND lease IS NULL AND looked_at < now() - interval '90 days' LIMIT ${FORGET_MAX}) RETURNING subject`, [], 'all');
    return signals.length === FORGET_MAX || lanes.length === FORGET_MAX;
  });
