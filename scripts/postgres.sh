#!/usr/bin/env bash
# A private PostgreSQL cluster for tests, under .tools/postgres: never a system service.
# Usage: scripts/postgres.sh start|stop   (start prints the URL of its superuser database)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
home="$root/.tools/postgres"
port=${TASHI_PG_PORT:-54329}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
if [ -z "$bin" ]; then
  echo "PostgreSQL server is not installed; run scripts/install.sh" >&2
  exit 1
fi
# initdb refuses to run as root: the cluster then belongs to the user postgres.
as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/bash -c "$*" 9>&-; else bash -c "$*" 9>&-; fi; }
case "${1:-start}" in
start)
  if [ "$(id -u)" = 0 ]; then
    # The checkout may lie where another user cannot go.
    home="${TMPDIR:-/tmp}/tashi-postgres-$port"
    mkdir -p "$home" && chown postgres "$home"
  else
    mkdir -p "$home"
  fi
  (
    flock 9
    # One that answers already may lie elsewhere.
    as "$bin/pg_isready -q -h 127.0.0.1 -p $port" && exit
    if [ ! -f "$home/data/PG_VERSION" ]; then
      as "$bin/initdb -D $home/data -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8" >/dev/null
    fi
    if ! as "$bin/pg_ctl -D $home/data status" >/dev/null 2>&1; then
      as "$bin/pg_ctl -D $home/data -w -t 60 -l $home/log -o '-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$home -c max_connections=300 -c shared_buffers=128MB -c max_wal_size=256MB' start" >/dev/null
    fi
  ) 9>"/tmp/tashi-postgres-$port.lock"
  echo "postgres://postgres@127.0.0.1:$port/postgres"
  ;;
stop)
  [ "$(id -u)" = 0 ] && home="${TMPDIR:-/tmp}/tashi-postgres-$port"
  as "$bin/pg_ctl -D $home/data -m fast stop" >/dev/null 2>&1 || true
  ;;
*)
  echo "usage: $0 start|stop" >&2
  exit 2
  ;;
esac
