# Shared by the scripts of the peers; sourced, not run.
# A peer keeps everything it writes under $PEERS_DIR/NAME; its processes stand in the file `pids`.

PEERS_DIR=${PEERS_DIR:-${TMPDIR:-/tmp}/farley-peers}
HOST=127.0.0.1
USER_NAME=alice
USER_PASSWORD=alicepw

# apt_install PACKAGE...: without starting anything
apt_install() {
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends "$@"
}

# in_background COMMAND...: in a session of its own, its process noted
in_background() {
  setsid "$@" >>"$HOME_DIR/output.log" 2>&1 </dev/null &
  echo $! >>"$HOME_DIR/pids"
}

# fresh_home: an empty folder for the peer, unless one is running
fresh_home() {
  if [ -s "$HOME_DIR/pids" ]; then
    echo "$HOME_DIR/pids exists: stop it first" >&2
    exit 1
  fi
  rm -rf "$HOME_DIR"
  mkdir -p "$HOME_DIR"
  chmod 755 "$PEERS_DIR" "$HOME_DIR"
}

# wait_for_status STATUS URL: asks with PROPFIND Depth 0 until it answers so, for twenty seconds
wait_for_status() {
  local got=
  for _ in $(seq 100); do
    got=$(curl -s -o /dev/null -w '%{http_code}' -u "$USER_NAME:$USER_PASSWORD" -X PROPFIND \
      -H 'Depth: 0' -H 'Content-Type: application/xml' \
      --data '<propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>' "$2")
    [ "$got" = "$1" ] && return 0
    sleep 0.2
  done
  echo "$2 answers $got, not $1; see $HOME_DIR/output.log" >&2
  return 1
}

# stop_all SIGNAL: ends the noted processes, by force after five seconds
stop_all() {
  [ -f "$HOME_DIR/pids" ] || return 0
  local pid
  while read -r pid; do kill "-$1" "$pid" 2>/dev/null; done <"$HOME_DIR/pids"
  for _ in $(seq 50); do
    local alive=
    while read -r pid; do kill -0 "$pid" 2>/dev/null && alive=1; done <"$HOME_DIR/pids"
    [ -z "$alive" ] && break
    sleep 0.1
  done
  while read -r pid; do kill -KILL "$pid" 2>/dev/null; done <"$HOME_DIR/pids"
  rm -f "$HOME_DIR/pids"
}

# print_access PORT: what the bench needs, as lines KEY=value
print_access() {
  echo "URL=http://$HOST:$1/"
  echo "USER=$USER_NAME"
  echo "PASSWORD=$USER_PASSWORD"
  echo "PID=$(paste -sd, "$HOME_DIR/pids" 2>/dev/null)"
}

# nginx_before PORT LOCATION: a front with Basic authentication and kept connections
nginx_before() {
  mkdir -p "$HOME_DIR/nginx"
  echo "$USER_NAME:{PLAIN}$USER_PASSWORD" >"$HOME_DIR/nginx/users"
  cat >"$HOME_DIR/nginx/nginx.conf" <<CONF
daemon off;
worker_processes 1;
pid $HOME_DIR/nginx/pid;
error_log $HOME_DIR/nginx/error.log;
events { worker_connections 512; }
http {
  access_log off;
  client_max_body_size 64m;
  client_body_buffer_size 1m;
  keepalive_requests 10000000;
  keepalive_timeout 600s;
  client_body_temp_path $HOME_DIR/nginx/body;
  proxy_temp_path $HOME_DIR/nginx/proxy;
  uwsgi_temp_path $HOME_DIR/nginx/uwsgi;
  fastcgi_temp_path $HOME_DIR/nginx/fastcgi;
  scgi_temp_path $HOME_DIR/nginx/scgi;
  server {
    listen $HOST:$1;
    auth_basic peer;
    auth_basic_user_file $HOME_DIR/nginx/users;
    location / { $2 }
  }
}
CONF
  in_background nginx -c "$HOME_DIR/nginx/nginx.conf"
}

# fill_peer PATH FOLDER: puts the files of a folder into a collection faster than PUT does; a peer that
# can defines it anew, and status 3 says that it cannot
fill_peer() { return 3; }

# dispatch PORT COMMAND: the commands every peer has
dispatch() {
  case "${2:-}" in
    install) install_peer ;;
    start) start_peer ;;
    stop) stop_peer ;;
    url) print_access "$1" ;;
    fill) fill_peer "$3" "$4" ;;
    *) echo "usage: $0 install|start|stop|url|fill PATH FOLDER" >&2; exit 2 ;;
  esac
}
