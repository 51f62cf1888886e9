#!/bin/sh
# Makes the secrets of docker-compose.yml, each where there is none yet, in infra/deploy/secrets. They are of this
# installation alone: keep a copy in a safe place, and none in the repository.
set -eu
folder="$(cd "$(dirname "$0")" && pwd)/secrets"
# Only the folder's owner gets at the files. Within, they can be read by anybody, because containers get them as they are
# and run as users of their own.
mkdir -p "$folder"
chmod 700 "$folder"
for name in jwt_secret db_password db_replication_password redis_password; do
  if [ -s "$folder/$name" ]; then
    echo "$name: kept"
    continue
  fi
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "$folder/.$name"
  chmod 444 "$folder/.$name"
  mv -f "$folder/.$name" "$folder/$name"
  echo "$name: made"
done
