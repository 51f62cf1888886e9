#!/bin/bash
# Starts a PostgreSQL server of docker-compose.yml: as a primary if it is the one that PRIMARY_HOST names, else as a
# replica of that one, cloned from it where there is no data yet.
set -euo pipefail
: "${SERVER_NAME:?}" "${PRIMARY_HOST:?}" "${PGDATA:?}"
passwords=${PASSWORDS_FILE:-/tmp/replication.pgpass}
secrets=${SECRETS_FOLDER:-/run/secrets}

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$(dirname "$PGDATA")"
  chown postgres:postgres "$(dirname "$PGDATA")"
  exec gosu postgres "$0" "$@"
fi

if [ "$SERVER_NAME" = "$PRIMARY_HOST" ]; then
  if [ -e "$PGDATA/standby.signal" ]; then
    echo "$SERVER_NAME is a replica still: promote it before it is named as the primary" >&2
    exit 1
  fi
  exec docker-entrypoint.sh "$@"
fi

(umask 077 && printf '*:*:*:replicator:%s\n' "$(cat "$secrets/db_replication_password")" > "$passwords")
source="host=$PRIMARY_HOST port=${PRIMARY_PORT:-5432} user=replicator passfile=$passwords application_name=$SERVER_NAME"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  for attempt in $(seq 60); do
    rm -rf "$PGDATA.part"
    # Into a folder beside it: what was cut off half way must not be taken for a clone.
    if pg_basebackup -d "$source" -D "$PGDATA.part" -R -X stream -c fast; then
      rm -rf "$PGDATA"
      mv "$PGDATA.part" "$PGDATA"
      break
    fi
    echo "$PRIMARY_HOST cannot be cloned yet (attempt $attempt of 60)" >&2
    sleep 2
  done
  [ -s "$PGDATA/PG_VERSION" ] || exit 1
fi
if [ ! -e "$PGDATA/standby.signal" ]; then
  # Started as it is it would be a second primary.
  echo "the data of $SERVER_NAME are a primary's, and $PRIMARY_HOST is the primary now: remove its volume to clone anew" >&2
  exit 1
fi
exec "$@"
