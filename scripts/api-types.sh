#!/usr/bin/env bash
# Writes the API document, the TypeScript types made from it, and the page of problem codes. With --check, fails when they are out of date.
# TASHI_BIN: a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
program=${TASHI_BIN:-target/debug/tashi}
[ -n "${TASHI_BIN:-}" ] || cargo build --quiet -p tashi
"$program" openapi > "$fresh/openapi.json"
"$program" errors > "$fresh/errors.md"
web/node_modules/.bin/openapi-typescript "$fresh/openapi.json" --output "$fresh/openapi.d.ts" >/dev/null
if [ "${1:-}" = --check ]; then
  diff -q "$fresh/errors.md" docs/errors.md && diff -q "$fresh/openapi.json" docs/openapi.json && diff -q "$fresh/openapi.d.ts" web/shared/src/api/openapi.d.ts ||
    { echo "the API changed: run make api-types and commit" >&2; exit 1; }
else
  cp "$fresh/errors.md" docs/errors.md
  cp "$fresh/openapi.json" docs/openapi.json
  cp "$fresh/openapi.d.ts" web/shared/src/api/openapi.d.ts
fi
