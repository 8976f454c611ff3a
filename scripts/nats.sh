#!/usr/bin/env bash
# A private NATS server for trying several nodes by hand, under .tools/nats: never a system service. Tests start their own.
# Usage: scripts/nats.sh start|stop|path   (start prints the URL, path the program)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
home="$root/.tools/nats"
port=${TASHI_NATS_PORT:-54222}
server=$(command -v nats-server || true)
[ -n "$server" ] || { [ -x "$home/usr/sbin/nats-server" ] && server="$home/usr/sbin/nats-server"; } || true
if [ -z "$server" ]; then
  echo "nats-server is not installed; run scripts/install.sh test" >&2
  exit 1
fi
pid="$home/$port.pid"
running() { [ -f "$pid" ] && kill -0 "$(cat "$pid")" 2>/dev/null; }
case "${1:-start}" in
start)
  mkdir -p "$home"
  (
    flock 9
    if ! running; then
      "$server" -a 127.0.0.1 -p "$port" -P "$pid" -l "$home/$port.log" >/dev/null 2>&1 9>&- &
      for _ in $(seq 50); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
        sleep 0.1
      done
      running || { echo "nats-server did not start: see $home/$port.log" >&2; exit 1; }
    fi
  ) 9>"$home/$port.lock"
  echo "nats://127.0.0.1:$port"
  ;;
stop)
  running && kill "$(cat "$pid")" || true
  ;;
path)
  echo "$server"
  ;;
*)
  echo "usage: $0 start|stop|path" >&2
  exit 2
  ;;
esac
