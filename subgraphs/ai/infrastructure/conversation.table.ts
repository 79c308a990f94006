import { EntitySchema } from '@mikro-orm/postgresql';
import { Conversation } from '../domain/conversation.ts';

export const ConversationTable = new EntitySchema<Conversation>({
  class: Conversation,
  tableName: 'conversation',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    owner: { type: 'string' },
    title: { type: 'string' },
    createdAt: { type: 'Date', columnType: 'timestamptz(3)' },
    updatedAt: { type: 'Date', columnType: 'timestamptz(3)' },
    version: { type: 'integer', version: true },
  },
});
