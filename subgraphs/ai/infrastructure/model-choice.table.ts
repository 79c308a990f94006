import { EntitySchema } from '@mikro-orm/postgresql';
import { ModelChoice } from '../domain/model-choice.ts';

export const ModelChoiceTable = new EntitySchema<ModelChoice>({
  class: ModelChoice,
  tableName: 'model_choice',
  properties: {
    // Its name is its tenant's: there is one for each.
    id: { type: 'string', primary: true, fieldName: 'tenant_id' },
    model: { type: 'string', nullable: true },
    version: { type: 'integer', version: true },
  },
});
