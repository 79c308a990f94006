import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { ModelChoice } from '../domain/model-choice.ts';
import type { ModelChoices } from '../domain/ports.ts';

export class PostgresModelChoices implements ModelChoices {
  constructor(private readonly on: Ground) {}
  async chosen(): Promise<string | null> {
    const [row] = await this.on.rows<{ model: string | null }>({ name: 'chosen model', text: 'SELECT model FROM ai.model_choice', values: [] });
    return row?.model ?? null;
  }
  locked(id: TenantId): Promise<ModelChoice | null> {
    return this.on.em.findOne(ModelChoice, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  add(choice: ModelChoice): void { this.on.em.persist(choice); }
}
