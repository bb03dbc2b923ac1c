#!/bin/bash
# Xandikos with its own server; it knows one user and asks no password, so nginx does.
# `xandikos.sh install|start|stop|url|fill`; see common.sh.
set -u
. "$(dirname "$0")/common.sh"
HOME_DIR=$PEERS_DIR/xandikos
PORT=${XANDIKOS_PORT:-18130}
BACK_PORT=$((PORT + 1))

install_peer() {
  apt_install xandikos python3-aiohttp nginx-light curl git
}

start_peer() {
  fresh_home
  mkdir "$HOME_DIR/store"
  in_background /usr/bin/xandikos --directory "$HOME_DIR/store" --defaults \
    --current-user-principal "/$USER_NAME/" --listen-address "$HOST" --port "$BACK_PORT"
  nginx_before "$PORT" "proxy_pass http://$HOST:$BACK_PORT; proxy_http_version 1.1; proxy_set_header Connection '';
      proxy_set_header Host \$http_host; proxy_set_header Authorization ''; proxy_read_timeout 600s; proxy_buffers 64 64k;"
  wait_for_status 207 "http://$HOST:$PORT/$USER_NAME/"
}

# A collection is a git tree; everything goes into one commit.
fill_peer() {
  cd "$HOME_DIR/store$1" && find "$2" -type f -exec cp -t . {} + && git add -A . &&
    git -c user.name=bench -c user.email=bench@example.org commit -qm fill
}

stop_peer() { stop_all TERM; }

dispatch "$PORT" "$@"
