import type { Migration } from '../../../../platform/database/migrate.ts';
import { CURRENT_TENANT, CURRENT_USER_ID } from '../../../../platform/database/rights.ts';
import { AUDITOR_ROLE } from '../../../../platform/database/roles.ts';

const ID = 'text COLLATE "C"';
/** What has no tenant stands under `system`, and only a machine that acts for no tenant and no person sees it. */
const CHAIN = `tenant_id = coalesce(${CURRENT_TENANT}, CASE WHEN ${CURRENT_USER_ID} IS NULL THEN 'system' END)`;

const chainTable = (table: string, commands: string): string => `
  ALTER TABLE tenants.${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE tenants.${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY chain ON tenants.${table} FOR ALL TO atlas_tenants USING (${CHAIN}) WITH CHECK (${CHAIN});
  GRANT ${commands} ON tenants.${table} TO atlas_tenants;
`;

export const audit: Migration = {
  name: '0004-audit',
  sql: `
    CREATE TABLE tenants.audit_event (
      tenant_id ${ID} NOT NULL,
      seq bigint NOT NULL CHECK (seq > 0),
      id ${ID} NOT NULL,
      at timestamptz(3) NOT NULL,
      actor_kind ${ID} NOT NULL,
      actor_id ${ID} NOT NULL,
      action ${ID} NOT NULL,
      entity_type ${ID} NOT NULL,
      entity_id ${ID} NOT NULL,
      before jsonb,
      after jsonb,
      request_id ${ID},
      hash ${ID} NOT NULL,
      seal ${ID} NOT NULL,
      PRIMARY KEY (tenant_id, seq),
      CONSTRAINT audit_event_once UNIQUE (tenant_id, id)
    );
    CREATE INDEX audit_event_page ON tenants.audit_event (tenant_id, at DESC, seq DESC);
    CREATE INDEX audit_event_entity ON tenants.audit_event (tenant_id, entity_id, at DESC, seq DESC);
    CREATE INDEX audit_event_type ON tenants.audit_event (tenant_id, entity_type, at DESC, seq DESC);
    CREATE INDEX audit_event_actor ON tenants.audit_event (tenant_id, actor_id, at DESC, seq DESC);
    CREATE INDEX audit_event_action ON tenants.audit_event (tenant_id, action, at DESC, seq DESC);
    ${chainTable('audit_event', 'SELECT, INSERT')}

    -- The service has no right to; this keeps whoever owns the table from doing it by mistake.
    CREATE FUNCTION tenants.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'The audit trail is only ever added to.' USING ERRCODE = 'restrict_violation'; END $$;
    CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON tenants.audit_event FOR EACH ROW EXECUTE FUNCTION tenants.refuse_change();
    CREATE TRIGGER stays BEFORE TRUNCATE ON tenants.audit_event FOR EACH STATEMENT EXECUTE FUNCTION tenants.refuse_change();

    -- Where each chain ends. Whoever appends holds its row.
    CREATE TABLE tenants.audit_head (
      tenant_id ${ID} PRIMARY KEY,
      seq bigint NOT NULL,
      hash ${ID} NOT NULL,
      event_id ${ID} NOT NULL,
      seal ${ID} NOT NULL
    );
    ${chainTable('audit_head', 'SELECT, INSERT, UPDATE')}
    CREATE TRIGGER stays BEFORE DELETE ON tenants.audit_head FOR EACH ROW EXECUTE FUNCTION tenants.refuse_change();
    CREATE TRIGGER all_stay BEFORE TRUNCATE ON tenants.audit_head FOR EACH STATEMENT EXECUTE FUNCTION tenants.refuse_change();

    -- Up to where each chain was verified.
    CREATE TABLE tenants.audit_mark (
      tenant_id ${ID} PRIMARY KEY,
      seq bigint NOT NULL,
      hash ${ID} NOT NULL,
      event_id ${ID} NOT NULL,
      seal ${ID} NOT NULL
    );
    ${chainTable('audit_mark', 'SELECT, INSERT, UPDATE')}

    -- Whoever verifies every trail must know which there are, and by what name.
    GRANT USAGE ON SCHEMA tenants TO ${AUDITOR_ROLE};
    CREATE POLICY auditor ON tenants.audit_head FOR SELECT TO ${AUDITOR_ROLE} USING (true);
    GRANT SELECT (tenant_id) ON tenants.audit_head TO ${AUDITOR_ROLE};
    CREATE POLICY auditor ON tenants.tenant FOR SELECT TO ${AUDITOR_ROLE} USING (true);
    GRANT SELECT (id, slug) ON tenants.tenant TO ${AUDITOR_ROLE};
  `,
};
