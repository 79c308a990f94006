import type { Migration } from '../../../../platform/database/migrate.ts';
import { CURRENT_USER_ID, purgedTable, tenantTable } from '../../../../platform/database/rights.ts';

/** Instants are kept to the millisecond, which is what a cursor and a JavaScript Date hold. */
const AT = 'timestamptz(3)';
const ID = 'text COLLATE "C"';
/** Looked at when the work commits: within it a tenant and its first member come in any order. */
const OF_TENANT = 'REFERENCES tenants.tenant (id) DEFERRABLE INITIALLY DEFERRED';

export const tenants: Migration = {
  name: '0002-tenants',
  sql: `
    CREATE TABLE tenants.tenant (
      id ${ID} PRIMARY KEY,
      -- Unique over all tenants, for it stands in addresses: that one is taken is all that anybody can learn by it.
      slug ${ID} NOT NULL CONSTRAINT tenant_slug UNIQUE,
      name text NOT NULL,
      sandbox boolean NOT NULL,
      features text[] NOT NULL,
      created_at ${AT} NOT NULL,
      member_changes int NOT NULL,
      version int NOT NULL DEFAULT 1
    );
    ${tenantTable('tenants', 'tenant', 'SELECT, INSERT, UPDATE', 'id')}

    CREATE TABLE tenants.membership (
      tenant_id ${ID} NOT NULL ${OF_TENANT},
      user_id ${ID} NOT NULL,
      role text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MEMBER', 'GUEST')),
      joined_at ${AT} NOT NULL,
      CONSTRAINT membership_once PRIMARY KEY (tenant_id, user_id)
    );
    CREATE INDEX membership_page ON tenants.membership (tenant_id, joined_at, user_id);
    CREATE INDEX membership_own ON tenants.membership (user_id, tenant_id);
    ${tenantTable('tenants', 'membership')}

    -- A person finds their own tenants before one is chosen: to see, never to change.
    CREATE POLICY own ON tenants.membership FOR SELECT TO atlas_tenants USING (user_id = ${CURRENT_USER_ID});
    CREATE POLICY own ON tenants.tenant FOR SELECT TO atlas_tenants
      USING (id IN (SELECT m.tenant_id FROM tenants.membership m WHERE m.user_id = ${CURRENT_USER_ID}));

    CREATE TABLE tenants.invitation (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL ${OF_TENANT},
      email text NOT NULL,
      invited_by ${ID},
      role text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MEMBER', 'GUEST')),
      expires_at ${AT} NOT NULL,
      accepted_at ${AT},
      accepted_by ${ID},
      revoked_at ${AT},
      token_hash ${ID},
      letter_for ${ID},
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX invitation_page ON tenants.invitation (tenant_id, id DESC) WHERE revoked_at IS NULL;
    CREATE UNIQUE INDEX invitation_once ON tenants.invitation (tenant_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
    CREATE INDEX invitation_token ON tenants.invitation (tenant_id, token_hash);
    CREATE INDEX invitation_expired ON tenants.invitation (expires_at);
    ${tenantTable('tenants', 'invitation')}
    ${purgedTable('tenants', 'invitation', 'id, expires_at', `expires_at < now() - interval '30 days'`)}

    CREATE TABLE tenants.api_key (
      id ${ID} PRIMARY KEY,
      tenant_id ${ID} NOT NULL ${OF_TENANT},
      created_by ${ID} NOT NULL,
      created_at ${AT} NOT NULL,
      name text NOT NULL,
      hash ${ID} NOT NULL,
      prefix text NOT NULL,
      former_hash ${ID},
      former_until ${AT},
      scopes text[] NOT NULL,
      collection_ids text[],
      allowed_addresses text[],
      expires_at ${AT},
      last_used_at ${AT},
      revoked_at ${AT},
      version int NOT NULL DEFAULT 1
    );
    CREATE INDEX api_key_page ON tenants.api_key (tenant_id, id DESC);
    CREATE UNIQUE INDEX api_key_hash ON tenants.api_key (tenant_id, hash);
    CREATE INDEX api_key_former ON tenants.api_key (tenant_id, former_hash);
    CREATE INDEX api_key_of ON tenants.api_key (tenant_id, created_by) WHERE revoked_at IS NULL;
    ${tenantTable('tenants', 'api_key')}
  `,
};
