#!/usr/bin/env bash
# Runs every operation of the benchmark on a few objects, against a server on a fresh database, and fails on a wrong answer; then
# everything that people do in the web app, with a few people and events, and fails where the page does not show what it should.
set -euo pipefail
cd "$(dirname "$0")/../.."
node config/build-if-older.js
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
node dist/test/bench/web/main.js --contacts 300 --events 90 --each 1
