/**
 * Every job of every service: what is asked for, how far it is and what became of it. The row is the truth and the
 * backlog; who runs it holds it by its fence, a number that grows each time somebody takes it. Whoever dispatches sees
 * of all tenants where there is work, and none of what it is about.
 */
import type { Migration } from '../database/migrate.ts';
import { CURRENT_TENANT, purgedTable } from '../database/rights.ts';
import { JOBS_ROLE } from '../database/roles.ts';

export const JOBS_CHANNEL = 'atlas_jobs';
const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';

export const jobTable: Migration = {
  name: '0001-jobs',
  sql: `
    CREATE TABLE jobs.job (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL,
      kind ${ID} NOT NULL,
      input jsonb NOT NULL,
      state text NOT NULL DEFAULT 'QUEUED' CHECK (state IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
      progress float8 NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
      note text,
      attempts int NOT NULL DEFAULT 0,
      attempts_max int NOT NULL CHECK (attempts_max > 0),
      fence int NOT NULL DEFAULT 0,
      -- Where the next attempt goes on: written with the effect of what is done.
      checkpoint jsonb,
      result jsonb,
      error_code text,
      error_message text,
      -- Of two with the same key only one waits or runs.
      once_key text,
      starter_kind text NOT NULL,
      starter_id ${ID} NOT NULL,
      starter_user_id ${ID},
      request_id text,
      traceparent text,
      created_at ${AT} NOT NULL DEFAULT clock_timestamp(),
      run_after ${AT} NOT NULL DEFAULT clock_timestamp(),
      started_at ${AT},
      finished_at ${AT},
      leased_until ${AT},
      cancel_asked_at ${AT},
      CHECK ((finished_at IS NOT NULL) = (state IN ('SUCCEEDED', 'FAILED'))),
      CHECK ((leased_until IS NOT NULL) = (state = 'RUNNING')),
      CHECK (state <> 'FAILED' OR (error_code IS NOT NULL AND error_message IS NOT NULL))
    );
    CREATE INDEX job_page ON jobs.job (tenant_id, id DESC);
    CREATE INDEX job_turn ON jobs.job (kind, tenant_id, run_after, id) WHERE state = 'QUEUED';
    CREATE INDEX job_due ON jobs.job (kind, run_after) WHERE state = 'QUEUED';
    CREATE INDEX job_leased ON jobs.job (kind, leased_until) WHERE state = 'RUNNING';
    CREATE INDEX job_old ON jobs.job (finished_at) WHERE finished_at IS NOT NULL;
    CREATE UNIQUE INDEX job_once ON jobs.job (tenant_id, kind, once_key) WHERE once_key IS NOT NULL AND state IN ('QUEUED', 'RUNNING');
    ALTER TABLE jobs.job ENABLE ROW LEVEL SECURITY;
    ALTER TABLE jobs.job FORCE ROW LEVEL SECURITY;

    CREATE POLICY dispatch ON jobs.job FOR SELECT TO ${JOBS_ROLE} USING (state IN ('QUEUED', 'RUNNING'));
    CREATE POLICY hold ON jobs.job FOR UPDATE TO ${JOBS_ROLE} USING (state = 'RUNNING') WITH CHECK (state = 'RUNNING');
    GRANT SELECT (id, tenant_id, kind, state, fence, run_after, leased_until, cancel_asked_at), UPDATE (leased_until, progress, note) ON jobs.job TO ${JOBS_ROLE};
    ${purgedTable('jobs', 'job', 'id, finished_at', `finished_at < now() - interval '30 days'`)}

    -- Whoever changes a job, and however: those who dispatch and those who follow it hear of it when that is committed.
    CREATE FUNCTION jobs.tell() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        PERFORM pg_notify('${JOBS_CHANNEL}', NEW.id || ' ' || NEW.kind || ' ' || CASE
          WHEN TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.cancel_asked_at IS NOT DISTINCT FROM NEW.cancel_asked_at THEN 'progress' ELSE 'state' END);
        RETURN NULL;
      END $$;
    CREATE TRIGGER tell_new AFTER INSERT ON jobs.job FOR EACH ROW EXECUTE FUNCTION jobs.tell();
    CREATE TRIGGER tell_change AFTER UPDATE ON jobs.job FOR EACH ROW
      WHEN ((OLD.state, OLD.progress, OLD.note, OLD.cancel_asked_at, OLD.attempts) IS DISTINCT FROM (NEW.state, NEW.progress, NEW.note, NEW.cancel_asked_at, NEW.attempts))
      EXECUTE FUNCTION jobs.tell();
  `,
};

/** Part of a migration of a service: in a tenant it may ask for jobs of its own kinds, and run them. */
export const jobRights = (service: string): string => `
  CREATE POLICY own_${service} ON jobs.job FOR ALL TO atlas_${service}
    USING (tenant_id = ${CURRENT_TENANT} AND starts_with(kind, '${service}.')) WITH CHECK (tenant_id = ${CURRENT_TENANT} AND starts_with(kind, '${service}.'));
  GRANT USAGE ON SCHEMA jobs TO atlas_${service};
  GRANT SELECT, INSERT, UPDATE ON jobs.job TO atlas_${service};
`;

/** Part of a migration of the one service that shows a tenant all its jobs, cancels and retries them, whichever service's they are. */
export const jobAdministration = (service: string): string => `
  CREATE POLICY see_${service} ON jobs.job FOR SELECT TO atlas_${service} USING (tenant_id = ${CURRENT_TENANT});
  CREATE POLICY decide_${service} ON jobs.job FOR UPDATE TO atlas_${service} USING (tenant_id = ${CURRENT_TENANT}) WITH CHECK (tenant_id = ${CURRENT_TENANT});
`;
