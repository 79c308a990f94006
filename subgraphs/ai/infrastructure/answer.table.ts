import { ArrayType, EntitySchema } from '@mikro-orm/postgresql';
import { Answer } from '../domain/answer.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const AnswerTable = new EntitySchema<Answer>({
  class: Answer,
  tableName: 'answer',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    conversationId: { type: 'string' },
    owner: { type: 'string' },
    question: { type: 'string' },
    collectionIds: { type: ArrayType, nullable: true },
    regenerates: { type: 'string', nullable: true },
    tools: { type: ArrayType },
    draftsIn: { type: 'string', nullable: true },
    state: { type: 'string' },
    text: { type: 'string', nullable: true },
    answered: { type: 'boolean' },
    citations: { type: 'json' },
    model: { type: 'string' },
    prompt: { type: 'string' },
    inputTokens: { type: 'integer' },
    outputTokens: { type: 'integer' },
    tariff: { type: 'json', nullable: true },
    modelCost: { type: 'string', columnType: 'numeric', nullable: true },
    cost: { type: 'string', columnType: 'numeric' },
    currency: { type: 'string' },
    cacheSimilarity: { type: 'float', columnType: 'real', nullable: true },
    savedTokens: { type: 'integer' },
    saved: { type: 'string', columnType: 'numeric' },
    billed: { type: 'boolean' },
    code: { type: 'string', nullable: true },
    rating: { type: 'integer', nullable: true },
    createdAt: at,
    finishedAt: { ...at, nullable: true },
    version: { type: 'integer', version: true },
  },
});
