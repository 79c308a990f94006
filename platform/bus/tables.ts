/**
 * The log that every event passes through, and who has read how far. One writer appends to it (sequencer.ts), so a
 * position that can be seen has nothing unseen before it. Machines alone touch these tables, under roles of their own;
 * a tenant's people see their dead letters through the tenants service.
 */
import type { Migration } from '../database/migrate.ts';
import { CURRENT_TENANT } from '../database/rights.ts';
import { BUS_ROLE, RELAY_ROLE } from '../database/roles.ts';

/** Into how many lanes subjects are spread: what is about one subject stays in one, and lanes are handled side by side. */
export const LANES = 16;

export const busTables: Migration = {
  name: '0001-bus',
  sql: `
    GRANT USAGE ON SCHEMA bus TO ${RELAY_ROLE}, ${BUS_ROLE};

    CREATE TABLE bus.event_log (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      service text NOT NULL,
      tenant_id text COLLATE "C",
      type text COLLATE "C" NOT NULL,
      lane smallint NOT NULL,
      envelope jsonb NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX event_log_at ON bus.event_log (at);
    ALTER TABLE bus.event_log ENABLE ROW LEVEL SECURITY;
    ALTER TABLE bus.event_log FORCE ROW LEVEL SECURITY;
    CREATE POLICY append ON bus.event_log FOR ALL TO ${RELAY_ROLE} USING (true) WITH CHECK (true);
    CREATE POLICY read ON bus.event_log FOR SELECT TO ${BUS_ROLE} USING (true);
    CREATE POLICY prune ON bus.event_log FOR DELETE TO ${BUS_ROLE} USING (true);
    GRANT SELECT, INSERT ON bus.event_log TO ${RELAY_ROLE};
    GRANT SELECT, DELETE ON bus.event_log TO ${BUS_ROLE};

    -- How far a group has come in each lane, and which process handles the lane at this moment.
    CREATE TABLE bus.cursor (
      group_name text NOT NULL,
      lane smallint NOT NULL,
      position bigint NOT NULL,
      owner text,
      leased_until timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (group_name, lane)
    );
    CREATE INDEX cursor_owner ON bus.cursor (owner);
    GRANT SELECT, INSERT, UPDATE, DELETE ON bus.cursor TO ${BUS_ROLE};

    -- Which processes share a group: each takes its part of the lanes.
    CREATE TABLE bus.member (
      group_name text NOT NULL,
      process text NOT NULL,
      seen_until timestamptz NOT NULL,
      PRIMARY KEY (group_name, process)
    );
    GRANT SELECT, INSERT, UPDATE, DELETE ON bus.member TO ${BUS_ROLE};

    -- What a consumer could not handle: set aside with its cause, tried again later, and whenever somebody asks.
    CREATE TABLE bus.dead_letter (
      id text COLLATE "C" PRIMARY KEY,
      tenant_id text COLLATE "C",
      consumer text NOT NULL,
      event_id text COLLATE "C" NOT NULL,
      type text COLLATE "C" NOT NULL,
      envelope jsonb NOT NULL,
      -- What a tenant may read of it, and what only whoever runs Atlas may.
      code text NOT NULL,
      message text NOT NULL,
      detail text NOT NULL,
      tries int NOT NULL,
      rested int NOT NULL DEFAULT 0,
      parked_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
      last_tried_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
      -- Null: not before somebody asks.
      retry_at timestamptz,
      UNIQUE (consumer, event_id)
    );
    CREATE INDEX dead_letter_due ON bus.dead_letter (retry_at);
    CREATE INDEX dead_letter_page ON bus.dead_letter (tenant_id, id DESC);
    ALTER TABLE bus.dead_letter ENABLE ROW LEVEL SECURITY;
    ALTER TABLE bus.dead_letter FORCE ROW LEVEL SECURITY;
    CREATE POLICY machine ON bus.dead_letter FOR ALL TO ${BUS_ROLE} USING (true) WITH CHECK (true);
    GRANT SELECT, INSERT, UPDATE, DELETE ON bus.dead_letter TO ${BUS_ROLE};
    -- The tenants service shows a tenant its own, and may ask for one to be tried again.
    CREATE POLICY of_tenant ON bus.dead_letter FOR SELECT TO atlas_tenants USING (tenant_id = ${CURRENT_TENANT});
    CREATE POLICY ask_again ON bus.dead_letter FOR UPDATE TO atlas_tenants USING (tenant_id = ${CURRENT_TENANT}) WITH CHECK (tenant_id = ${CURRENT_TENANT});
    GRANT USAGE ON SCHEMA bus TO atlas_tenants;
    GRANT SELECT (id, tenant_id, consumer, event_id, type, code, message, tries, parked_at, last_tried_at, retry_at), UPDATE (retry_at) ON bus.dead_letter TO atlas_tenants;
  `,
};
