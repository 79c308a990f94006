import type { Migration } from '../../../../platform/database/migrate.ts';
import { tenantTable } from '../../../../platform/database/rights.ts';
import { LEVELS } from '../../domain/metric.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

/** Empty where it is of nobody or of nothing: a key of rows holds no null. */
const DIMENSIONS = `
      user_id ${ID} NOT NULL DEFAULT '',
      key_id ${ID} NOT NULL DEFAULT '',
      collection_id ${ID} NOT NULL DEFAULT '',
      model ${ID} NOT NULL DEFAULT ''`;

/** Sums by hour and by day are two tables alike: an hour of everybody is in nobody's way who reads days. */
const rollUp = (name: string): string => `
    CREATE TABLE billing.${name} (
      tenant_id ${ID} NOT NULL,
      at ${AT} NOT NULL,
      metric ${ID} NOT NULL,${DIMENSIONS},
      -- Of the amount; empty where nothing is asked for it. Sums of two currencies are two rows.
      currency ${ID} NOT NULL DEFAULT '',
      quantity numeric NOT NULL,
      amount numeric NOT NULL,
      PRIMARY KEY (tenant_id, at, metric, user_id, key_id, collection_id, model, currency)
    ) WITH (fillfactor = 70);
    -- Of what is a level few rows say anything.
    CREATE INDEX ${name}_level ON billing.${name} (tenant_id, at) WHERE metric IN (${LEVELS.map((level) => `'${level}'`).join(', ')});
    ${tenantTable('billing', name, 'SELECT, INSERT, UPDATE')}`;

export const meter: Migration = {
  name: '0010-meter',
  sql: `
    -- Every line that was ever counted, as it was told: what the sums are made of, and what a bill is explained by.
    CREATE TABLE billing.usage_event (
      tenant_id ${ID} NOT NULL,
      event_id ${ID} NOT NULL,
      line int NOT NULL,
      metric ${ID} NOT NULL,
      quantity numeric NOT NULL,
      -- What it is worth by the plan of its moment; null where the plan has no price for it.
      amount numeric,
      currency ${ID} NOT NULL DEFAULT '',
      at ${AT} NOT NULL,${DIMENSIONS},
      attributes jsonb,
      PRIMARY KEY (tenant_id, event_id, line)
    );
    ${tenantTable('billing', 'usage_event', 'SELECT, INSERT')}
    ${rollUp('usage_hour')}
    ${rollUp('usage_day')}

    -- The same of everybody and everything together, so that what a tenant has used on a day is a few rows, however many
    -- use it: in several slots, so that those who count at once need not queue for one.
    CREATE TABLE billing.usage_sum (
      tenant_id ${ID} NOT NULL,
      grain text NOT NULL CHECK (grain IN ('HOUR', 'DAY')),
      at ${AT} NOT NULL,
      metric ${ID} NOT NULL,
      currency ${ID} NOT NULL,
      slot smallint NOT NULL,
      quantity numeric NOT NULL,
      amount numeric NOT NULL,
      PRIMARY KEY (tenant_id, grain, at, metric, currency, slot)
    ) WITH (fillfactor = 70);
    ${tenantTable('billing', 'usage_sum', 'SELECT, INSERT, UPDATE')}

    -- What the sum of all changes comes to, of what is a level and not a flow: items, bytes, seats.
    CREATE TABLE billing.usage_level (
      tenant_id ${ID} NOT NULL,
      metric ${ID} NOT NULL,${DIMENSIONS},
      quantity numeric NOT NULL,
      PRIMARY KEY (tenant_id, metric, user_id, key_id, collection_id, model)
    ) WITH (fillfactor = 70);
    ${tenantTable('billing', 'usage_level', 'SELECT, INSERT, UPDATE')}

    -- How often something took about so long; see domain/latency.ts. Grain: HOUR or DAY.
    CREATE TABLE billing.usage_latency (
      tenant_id ${ID} NOT NULL,
      grain text NOT NULL CHECK (grain IN ('HOUR', 'DAY')),
      at ${AT} NOT NULL,
      metric ${ID} NOT NULL,${DIMENSIONS},
      size smallint NOT NULL,
      times bigint NOT NULL,
      PRIMARY KEY (tenant_id, grain, at, metric, user_id, key_id, collection_id, model, size)
    ) WITH (fillfactor = 70);
    ${tenantTable('billing', 'usage_latency', 'SELECT, INSERT, UPDATE')}
  `,
};
