#!/bin/bash
# Once, on a new primary: lets replicas of the same network in.
set -euo pipefail
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" << 'SQL'
\set password `cat /run/secrets/db_replication_password`
create role replicator with replication login password :'password';
SQL
echo 'host replication replicator samenet scram-sha-256' >> "$PGDATA/pg_hba.conf"
