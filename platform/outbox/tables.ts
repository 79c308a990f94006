/**
 * The three tables that every service with data keeps in its own schema, so that what it says and hears commits together with
 * what it changes: outbox (told, not yet delivered), inbox (heard already), idempotency (asked already).
 */
/** What a service keeps that only tells. */
export const outboxTable = (service: string): string => `
  CREATE TABLE ${service}.outbox (
    seq bigserial PRIMARY KEY,
    tenant_id text COLLATE "C",
    subject text COLLATE "C" NOT NULL,
    envelope jsonb NOT NULL
  );
  ALTER TABLE ${service}.outbox ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${service}.outbox FORCE ROW LEVEL SECURITY;
  -- A service may tell, only in the name of the tenant it acts for; it can neither read nor unsay.
  CREATE POLICY tell ON ${service}.outbox FOR INSERT TO atlas_${service}
    WITH CHECK (tenant_id IS NOT DISTINCT FROM nullif(current_setting('app.tenant_id', true), ''));
  CREATE POLICY relay ON ${service}.outbox FOR ALL TO atlas_relay USING (true) WITH CHECK (false);
  GRANT INSERT ON ${service}.outbox TO atlas_${service};
  GRANT USAGE ON SEQUENCE ${service}.outbox_seq_seq TO atlas_${service};
  GRANT USAGE ON SCHEMA ${service} TO atlas_relay;
  GRANT SELECT, DELETE ON ${service}.outbox TO atlas_relay;`;

export const outboxTables = (service: string): string => `${outboxTable(service)}

  CREATE TABLE ${service}.inbox (
    event_id text COLLATE "C" NOT NULL,
    consumer text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (event_id, consumer)
  );
  GRANT SELECT, INSERT, DELETE ON ${service}.inbox TO atlas_${service};

  -- No tenant here: the scope is a hash of tenant, principal and key, and the result is sealed with the client's key.
  CREATE TABLE ${service}.idempotency (
    scope text COLLATE "C" PRIMARY KEY,
    input_hash text NOT NULL,
    lease text NOT NULL,
    leased_until timestamptz NOT NULL,
    result text,
    at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX idempotency_at ON ${service}.idempotency (at);
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${service}.idempotency TO atlas_${service};
`;
