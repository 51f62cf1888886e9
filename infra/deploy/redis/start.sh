#!/bin/sh
# Starts a node. The configuration goes in by standard input: a password on the command line could be seen by others.
set -eu
password="$(cat "${PASSWORD_FILE:-/run/secrets/redis_password}")"
exec redis-server - "$@" << CONFIGURATION
port 6379
requirepass $password
masterauth $password
cluster-enabled yes
cluster-config-file nodes.conf
# A master that is lost is replaced after some four seconds; the other two thirds of the keys are served meanwhile.
cluster-node-timeout 2000
cluster-require-full-coverage no
cluster-replica-validity-factor 0
repl-diskless-sync-delay 0
appendonly yes
appendfsync everysec
save 60 1000
# Everything here has a time to live, and can be made again.
maxmemory 256mb
maxmemory-policy volatile-ttl
CONFIGURATION
