#!/usr/bin/env bash
# The logins of Atlas, one for each service. Runs by itself when the data folder is empty; run it again by hand when a
# service is added or a password has changed (see docs/deploying.md): it says how things should be, not what to do.
#
# A login owns nothing, inherits nothing and may do nothing but take on its own service's role, which the service's
# first start creates and grants (platform/database/roles.ts).
set -euo pipefail

services=(users tenants billing collections search ai gateway)

# Passwords are read by psql from the environment, so no list of processes shows them.
sql() { psql -X -q -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$1" "${@:2}"; }

login() { # name, variable with its password, attributes
  sql postgres -v login="$1" -v attributes="$3" <<SQL
\getenv password $2
SELECT length(:'password') >= 24 AS long_enough \gset
\if :long_enough
\else
  \warn $2 must have at least 24 characters.
  SELECT 1/0;
\endif
SELECT format('CREATE ROLE %I', :'login') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOREPLICATION NOINHERIT :attributes PASSWORD :'password';
SQL
}

# Migrates: owns the database, creates the services' roles. Row-level security is forced, so it sees no tenant's rows.
login atlas_owner ATLAS_OWNER_PASSWORD CREATEROLE
for service in "${services[@]}"; do
  login "atlas_${service}_login" "ATLAS_${service^^}_PASSWORD" NOCREATEROLE
done

sql postgres <<'SQL'
SELECT 'CREATE DATABASE atlas OWNER atlas_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'atlas') \gexec
REVOKE ALL ON DATABASE atlas, postgres, template1 FROM PUBLIC;
SQL
for service in "${services[@]}"; do
  sql postgres -c "GRANT CONNECT ON DATABASE atlas TO atlas_${service}_login"
done
