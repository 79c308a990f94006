import { Aggregate } from '../../../platform/aggregate.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import { modelChosen } from '../events.ts';

/** Which of the models that are set up a tenant has asked first. When it does not answer, the others are asked in their order. */
export class ModelChoice extends Aggregate {
  /** Its tenant's: there is one for each. */
  readonly id: TenantId;
  /** Null: as whoever runs Atlas has ordered them. One that is set up no more is as good as none. */
  model: string | null = null;

  constructor(tenantId: TenantId) {
    super();
    this.id = tenantId;
  }

  choose(model: string | null, names: readonly string[]): void {
    if (model !== null && !names.includes(model)) throw invalid(`There is no model of this name; there is ${[...new Set(names)].join(', ')}.`, 'model');
    if (model === this.model) return;
    const before = { model: this.model };
    this.model = model;
    this.record(modelChosen({ tenantId: this.id, model }, { audit: { entityType: 'Tenant', entityId: this.id, before, after: { model } } }));
  }
}
