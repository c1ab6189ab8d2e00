#!/bin/sh
# Makes what compose.yml reads as secrets, once: what is there is never changed. Needs openssl.
# The folder is closed to others; the files in it can be read, because the processes in the containers have users of their own.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
word() { openssl rand -hex 24; }
keep() {
  if [ ! -e "secrets/$1" ]; then
    printf '%s' "$2" > "secrets/$1"
    chmod 0444 "secrets/$1"
    echo "made secrets/$1"
  fi
}
keep secret_key "$(openssl rand -hex 32)"
keep admin_password "$(word)"
keep ingest_key "wary_$(openssl rand -hex 32)"
keep postgres_password "$(word)"
keep postgres_url "postgres://wary:$(cat secrets/postgres_password)@postgres:5432/wary"
keep clickhouse_password "$(word)"
keep clickhouse_url "http://wary:$(cat secrets/clickhouse_password)@clickhouse:8123/wary"
echo 'Sign in with WARY_ADMIN_EMAIL (admin@wary.local) and the password in secrets/admin_password; send events with the key in secrets/ingest_key.'
