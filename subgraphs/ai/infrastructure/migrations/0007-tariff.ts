import type { Migration } from '../../../../platform/database/migrate.ts';

/** What the tenant paid by when a question was asked, and what its model's maker took: null of what was asked before, when `cost` said that. */
export const tariff: Migration = { name: '0007-tariff', sql: 'ALTER TABLE ai.answer ADD tariff jsonb, ADD model_cost numeric' };
