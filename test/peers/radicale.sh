#!/bin/bash
# Radicale as its documentation runs it for more than one person: uwsgi, four workers, behind nginx,
# which asks for the password. `radicale.sh install|start|stop|url|fill`; see common.sh.
set -u
. "$(dirname "$0")/common.sh"
HOME_DIR=$PEERS_DIR/radicale
PORT=${RADICALE_PORT:-18120}
BACK_PORT=$((PORT + 1))

install_peer() {
  apt_install radicale uwsgi-core uwsgi-plugin-python3 nginx-light curl
}

start_peer() {
  fresh_home
  mkdir "$HOME_DIR/collections"
  cat >"$HOME_DIR/radicale.conf" <<CONF
[auth]
type = http_x_remote_user
[rights]
type = owner_only
[storage]
filesystem_folder = $HOME_DIR/collections
[logging]
level = warning
CONF
  RADICALE_CONFIG=$HOME_DIR/radicale.conf in_background uwsgi_python3 --plugin python3 \
    --socket "$HOST:$BACK_PORT" --master --die-on-term --workers 4 --threads 4 --listen 100 \
    --single-interpreter --disable-logging --wsgi-file /usr/share/radicale/radicale.wsgi
  nginx_before "$PORT" "include /etc/nginx/uwsgi_params; uwsgi_param HTTP_X_REMOTE_USER \$remote_user;
      uwsgi_read_timeout 600s; uwsgi_buffers 64 64k; uwsgi_pass $HOST:$BACK_PORT;"
  wait_for_status 207 "http://$HOST:$PORT/$USER_NAME/"
}

# A collection is a folder of files; the cache fills at the first listing.
fill_peer() {
  find "$2" -type f -exec cp -t "$HOME_DIR/collections/collection-root$1" {} +
}

stop_peer() { stop_all TERM; }

dispatch "$PORT" "$@"
