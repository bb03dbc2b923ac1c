#!/usr/bin/env bash
# Starts a server on a fresh database, runs every operation of the benchmark on a few objects, and fails on a wrong answer.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run build --silent
data=$(mktemp -d)
node dist/src/main.js serve --port 0 --data "$data" > "$data/out" 2> "$data/err" &
server=$!
trap 'kill $server 2> /dev/null; wait $server 2> /dev/null; rm -rf "$data"' EXIT
for _ in $(seq 100); do
  grep -q '^listening on' "$data/out" && break
  sleep 0.1
done
url=$(sed -n 's/^listening on //p' "$data/out")
printf 'bench' | node dist/src/main.js user add bench --password-stdin --data "$data"
npm run bench --silent -- --url "$url" --user bench --password bench --pid $server --items 200 --cpu 20 | tee "$data/table"
! grep -qi 'wrong' "$data/table"
