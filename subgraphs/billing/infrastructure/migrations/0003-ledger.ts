import type { Migration } from '../../../../platform/database/migrate.ts';
import { tenantTable } from '../../../../platform/database/rights.ts';
import { ACCOUNTS, ENTRY_KINDS } from '../../domain/ledger.ts';

const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';
const oneOf = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

export const ledger: Migration = {
  name: '0003-ledger',
  sql: `
    CREATE TABLE billing.ledger_entry (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      at ${AT} NOT NULL,
      -- The beginning of the period with which it is billed.
      period ${AT} NOT NULL,
      -- When it really took place, if its period was closed by then.
      late_at ${AT},
      kind text NOT NULL CHECK (kind IN (${oneOf(ENTRY_KINDS)})),
      -- What it came of: whatever is posted twice is posted once.
      source ${ID} NOT NULL,
      metric ${ID},
      quantity numeric,
      memo text NOT NULL,
      CONSTRAINT ledger_entry_once UNIQUE (tenant_id, kind, source)
    );
    CREATE INDEX ledger_entry_period ON billing.ledger_entry (tenant_id, period, kind);

    CREATE TABLE billing.posting (
      entry_id ${ID} NOT NULL REFERENCES billing.ledger_entry (id),
      tenant_id ${ID} NOT NULL,
      seq int NOT NULL CHECK (seq > 0),
      -- That of its entry, so that a balance is read from one table.
      at ${AT} NOT NULL,
      account text NOT NULL CHECK (account IN (${oneOf(ACCOUNTS)})),
      amount numeric NOT NULL CHECK (amount <> 0),
      currency ${ID} NOT NULL,
      PRIMARY KEY (entry_id, seq)
    );
    CREATE INDEX posting_page ON billing.posting (tenant_id, entry_id DESC, seq);
    CREATE INDEX posting_balance ON billing.posting (tenant_id, account, at) INCLUDE (amount, currency);

    ${tenantTable('billing', 'ledger_entry', 'SELECT, INSERT')}
    ${tenantTable('billing', 'posting', 'SELECT, INSERT')}

    -- Nothing in the books changes, whoever tries: what was wrong is righted by another entry.
    CREATE FUNCTION billing.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'The books are only added to.' USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_change();
    CREATE TRIGGER added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.posting FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_change();

    -- At the end of each work: the postings of an entry sum to zero in each currency, and are those of its tenant and moment.
    CREATE FUNCTION billing.refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      one text := CASE TG_TABLE_NAME WHEN 'posting' THEN to_jsonb(NEW) ->> 'entry_id' ELSE to_jsonb(NEW) ->> 'id' END;
    BEGIN
      IF (SELECT count(*) FROM billing.posting p JOIN billing.ledger_entry e ON e.id = p.entry_id AND e.tenant_id = p.tenant_id AND e.at = p.at WHERE p.entry_id = one) < 2
        OR EXISTS (SELECT FROM billing.posting p LEFT JOIN billing.ledger_entry e ON e.id = p.entry_id AND e.tenant_id = p.tenant_id AND e.at = p.at WHERE p.entry_id = one AND e.id IS NULL)
        OR EXISTS (SELECT FROM billing.posting WHERE entry_id = one GROUP BY currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'The entry % does not sum to zero.', one USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balanced';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON billing.ledger_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.refuse_unbalanced();
    CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON billing.posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.refuse_unbalanced();
  `,
};
