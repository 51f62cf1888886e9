#!/bin/sh
# Makes the secrets of docker-compose.yml, each where there is none yet, in infra/deploy/secrets. They are of this
# installation alone: keep a copy in a safe place, and none in the repository.
set -eu
folder="$(cd "$(dirname "$0")" && pwd)/secrets"
# Only the folder's owner gets at the files. Within, they can be read by anybody, because containers get them as they are
# and run as users of their own.
mkdir -p "$folder"
chmod 700 "$folder"
for name in jwt_secret db_password db_replication_password redis_password keys_password; do
  if [ -s "$folder/$name" ]; then
    echo "$name: kept"
    continue
  fi
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "$folder/.$name"
  chmod 444 "$folder/.$name"
  mv -f "$folder/.$name" "$folder/$name"
  echo "$name: made"
done
# Where the keys of personal data are, for those who seal and open it.
if [ -s "$folder/keys_url" ]; then
  echo "keys_url: kept"
else
  printf 'postgres://daybook:%s@pg-keys:5432/keys' "$(cat "$folder/keys_password")" > "$folder/.keys_url"
  chmod 444 "$folder/.keys_url"
  mv -f "$folder/.keys_url" "$folder/keys_url"
  echo "keys_url: made"
fi
