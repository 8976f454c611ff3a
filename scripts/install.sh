#!/usr/bin/env bash
# Installs what the project needs on a Debian-like machine with Rust and Node.
#   scripts/install.sh run    packages of the web apps
#   scripts/install.sh test   also Chromium, Chinese fonts, Python 3 (second verifier), a reader of PDF (what is printed is looked
#                             at), a small ACME server, PostgreSQL and NATS (none is started as a service)
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in cargo node npm; do
  command -v "$tool" >/dev/null || { echo "missing: $tool. Install Rust (rustup) and Node 20 or newer first." >&2; exit 1; }
done

# Both networks of packages at once; what cannot be fetched now is asked for again by the build, which then says why.
cargo fetch --locked --quiet 2>/dev/null &

# npm ci only when the lock file changed since the last time
stamp=web/node_modules/.tashi-lock
if ! cmp -s web/package-lock.json "$stamp" 2>/dev/null; then
  echo "installing web packages…"
  (cd web && npm ci --no-audit --no-fund --loglevel=error)
  cp web/package-lock.json "$stamp"
fi
wait
[ "${1:-run}" = test ] || exit 0

need=()
[ -x /usr/bin/chromium ] || need+=(chromium)
[ -n "$(fc-list 2>/dev/null | grep 'Noto Sans CJK' | head -1)" ] || need+=(fonts-noto-cjk)
command -v python3 >/dev/null || need+=(python3)
command -v pdftoppm >/dev/null || need+=(poppler-utils)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need+=(postgresql)
command -v pebble >/dev/null || need+=(pebble)
if [ ${#need[@]} -gt 0 ]; then
  echo "installing ${need[*]}…"
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  # Without this Debian's package would create and start a cluster as a service.
  $sudo mkdir -p /etc/postgresql-common
  [ -f /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${need[@]}" fontconfig >/dev/null
fi
# Debian's package would enable a service; the program alone is all that is needed.
if ! scripts/nats.sh path >/dev/null 2>&1; then
  echo "unpacking nats-server…"
  (
    mkdir -p .tools/nats && cd .tools/nats
    sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
    # The lists of packages may be old, or not there at all.
    apt-get download -qq nats-server || { $sudo apt-get update -qq && apt-get download -qq nats-server; }
    dpkg-deb -x nats-server_*.deb .
    rm nats-server_*.deb
  )
fi
