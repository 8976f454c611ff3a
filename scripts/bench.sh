#!/usr/bin/env bash
# The figures of the README, each beside its yardstick in the same run.
set -euo pipefail
cd "$(dirname "$0")/.."
target/release/tashi bench ingest
TASHI_BIN=target/release/tashi node bench/replay.mjs
TASHI_BIN=target/release/tashi node bench/console.mjs
cargo run --release --quiet -p tashi-tracking --example protocols
cargo run --release --quiet -p tashi-track --example accuracy
cargo run --release --quiet -p tashi-fence --example fences
cargo run --release --quiet -p tashi-route --example route_bench
cargo run --release --quiet -p tashi-territory --example territory_bench
cargo run --release --quiet -p tashi-roads --example roads_bench
node web/scripts/budget.mjs
