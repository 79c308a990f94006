import type { Migration } from '../../../../platform/database/migrate.ts';
import { sharedTable } from '../../../../platform/database/rights.ts';
import { outboxTables } from '../../../../platform/outbox/tables.ts';

export const users: Migration = {
  name: '0001-users',
  sql: `
    CREATE TABLE users.user (
      id text COLLATE "C" PRIMARY KEY,
      email text COLLATE "C" NOT NULL CONSTRAINT user_email_key UNIQUE CHECK (email = lower(email)),
      name text NOT NULL,
      password_hash text NOT NULL,
      email_verified_at timestamptz,
      created_at timestamptz NOT NULL,
      version int NOT NULL DEFAULT 1
    );
    ${sharedTable('users', 'user', 'SELECT, INSERT, UPDATE')}

    CREATE TABLE users.session (
      id text COLLATE "C" PRIMARY KEY,
      -- Checked at commit: the ORM is told of no relation and writes both rows in an order of its own.
      user_id text COLLATE "C" NOT NULL REFERENCES users.user (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      generation int NOT NULL,
      token_hash text NOT NULL,
      rotated_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      ended_at timestamptz,
      end_reason text,
      user_agent text,
      address text,
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX session_alive ON users.session (user_id, id DESC) WHERE ended_at IS NULL;
    CREATE INDEX session_expires_at ON users.session (expires_at);
    ${sharedTable('users', 'session')}

    CREATE TABLE users.one_time_token (
      hash text COLLATE "C" PRIMARY KEY,
      purpose text NOT NULL,
      user_id text COLLATE "C" NOT NULL REFERENCES users.user (id) ON DELETE CASCADE,
      expires_at timestamptz NOT NULL,
      used_at timestamptz
    );
    CREATE INDEX one_time_token_user ON users.one_time_token (user_id, purpose);
    CREATE INDEX one_time_token_expires_at ON users.one_time_token (expires_at);
    ${sharedTable('users', 'one_time_token')}

    CREATE TABLE users.signing_key (
      kid text PRIMARY KEY,
      public_key text NOT NULL,
      -- Sealed with the installation's secret: a copy of the database signs nothing.
      private_key text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      retired_at timestamptz
    );
    -- One key signs: of two processes that make one at the same moment, one succeeds.
    CREATE UNIQUE INDEX signing_key_current ON users.signing_key ((true)) WHERE retired_at IS NULL;
    ${sharedTable('users', 'signing_key')}

    -- The form that rate-limiter-flexible counts in. Keys are marks: neither e-mails nor addresses can be read from them.
    CREATE TABLE users.attempt (
      key text COLLATE "C" PRIMARY KEY,
      points int NOT NULL DEFAULT 0,
      expire bigint
    );
    CREATE INDEX attempt_expire ON users.attempt (expire);
    ${sharedTable('users', 'attempt')}

    ${outboxTables('users')}
  `,
};
