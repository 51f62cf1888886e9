#!/bin/sh
# Makes a Cluster of the nodes that are given as ADDRESS:PORT, with a replica for each master, unless they are one, and
# waits until every node says that it is well.
set -eu
REDISCLI_AUTH="$(cat "${PASSWORD_FILE:-/run/secrets/redis_password}")"
export REDISCLI_AUTH
ask() {
  node=$1
  shift
  redis-cli -h "${node%:*}" -p "${node##*:}" "$@"
}

if ask "$1" cluster info | grep -q '^cluster_slots_assigned:0'; then
  redis-cli --cluster create "$@" --cluster-replicas 1 --cluster-yes
fi
for node in "$@"; do
  tries=0
  until ask "$node" cluster info | grep -q '^cluster_state:ok' &&
    ask "$node" info replication | grep -qE '^(role:master|master_link_status:up)'; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { echo "$node is not well after a minute" >&2; exit 1; }
    sleep 0.5
  done
done
echo "all of $# nodes are well"
