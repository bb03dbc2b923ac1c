#!/bin/bash
# DAViCal with its own PostgreSQL cluster and PHP's FPM behind nginx. Needs root, since PostgreSQL runs as its own user,
# and DAViCal reads its settings from /etc/davical (the file goes when the peer stops).
# `davical.sh install|start|stop|url`; see common.sh.
set -u
. "$(dirname "$0")/common.sh"
HOME_DIR=$PEERS_DIR/davical
PORT=${DAVICAL_PORT:-18140}
DATABASE_PORT=$((PORT + 1))
FPM_PORT=$((PORT + 2))
SETTINGS=/etc/davical/$HOST-conf.php

install_peer() {
  apt_install davical php-fpm php-pgsql php-xml php-mbstring php-curl nginx-light postgresql libdbd-pg-perl \
    libyaml-perl curl
}

# as_postgres COMMAND...: as the database's own user
as_postgres() {
  setpriv --reuid=postgres --regid=postgres --init-groups env -C "$HOME_DIR" HOME="$HOME_DIR" "$@"
}

postgres_bin() { find /usr/lib/postgresql -path '*/bin/pg_ctl' | sort -V | tail -1 | xargs dirname; }
fpm_program() { find /usr/sbin -name 'php-fpm*' | sort -V | tail -1; }

start_database() {
  mkdir "$HOME_DIR/pg"
  chown postgres:postgres "$HOME_DIR/pg" && chmod 755 "$HOME_DIR/pg"
  as_postgres "$(postgres_bin)/initdb" -D "$HOME_DIR/pg/data" -A trust -U postgres --locale=C.UTF-8 -E UTF8 \
    >>"$HOME_DIR/output.log" 2>&1
  cat >>"$HOME_DIR/pg/data/postgresql.conf" <<CONF
listen_addresses = '$HOST'
port = $DATABASE_PORT
unix_socket_directories = '$HOME_DIR/pg'
fsync = off
CONF
  as_postgres "$(postgres_bin)/pg_ctl" -D "$HOME_DIR/pg/data" -l "$HOME_DIR/pg/log" -w start >/dev/null || exit 1
}

# The schema, and one account that has a password.
make_account() {
  as_postgres env PGHOST="$HOST" PGPORT="$DATABASE_PORT" PGUSER=postgres \
    DBAOPTS="--dbhost $HOST --dbport $DATABASE_PORT" \
    sh /usr/share/davical/dba/create-database.sh davical adminpw >>"$HOME_DIR/output.log" 2>&1
  as_postgres psql -qX -h "$HOST" -p "$DATABASE_PORT" davical >>"$HOME_DIR/output.log" 2>&1 <<SQL
INSERT INTO usr (username, password, fullname, email, active, email_ok)
  VALUES ('$USER_NAME', '**$USER_PASSWORD', '$USER_NAME', '$USER_NAME@example.org', true, now());
INSERT INTO principal (type_id, user_no, displayname, default_privileges)
  SELECT 1, user_no, fullname, privilege_to_bits(ARRAY['read-free-busy','schedule-send','schedule-deliver'])
  FROM usr WHERE username = '$USER_NAME';
SQL
}

write_settings() {
  cat >"$SETTINGS" <<CONF
<?php
\$c->pg_connect[] = "dbname=davical user=davical_app host=$HOST port=$DATABASE_PORT";
\$c->admin_email = 'admin@example.org';
CONF
  cat >"$HOME_DIR/fpm.conf" <<CONF
[global]
pid = $HOME_DIR/fpm.pid
error_log = $HOME_DIR/fpm.log
daemonize = no
[davical]
user = www-data
group = www-data
listen = $HOST:$FPM_PORT
pm = static
pm.max_children = 4
php_admin_value[memory_limit] = 512M
php_admin_value[include_path] = /usr/share/davical/inc:/usr/share/awl/inc
CONF
  mkdir -p "$HOME_DIR/nginx"
  chown www-data "$HOME_DIR/nginx"
  cat >"$HOME_DIR/nginx/nginx.conf" <<CONF
daemon off;
worker_processes 1;
user www-data;
pid $HOME_DIR/nginx/pid;
error_log $HOME_DIR/nginx/error.log;
events { worker_connections 256; }
http {
  access_log off;
  client_max_body_size 64m;
  client_body_temp_path $HOME_DIR/nginx/body;
  proxy_temp_path $HOME_DIR/nginx/proxy;
  uwsgi_temp_path $HOME_DIR/nginx/uwsgi;
  fastcgi_temp_path $HOME_DIR/nginx/fastcgi;
  scgi_temp_path $HOME_DIR/nginx/scgi;
  server {
    listen $HOST:$PORT;
    root /usr/share/davical/htdocs;
    location /.well-known/ { rewrite ^/\.well-known/(.*)\$ /caldav.php/.well-known/\$1 last; }
    location ~ ^/caldav\.php(/|\$) {
      fastcgi_split_path_info ^(/caldav\.php)(/.*)?\$;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME /usr/share/davical/htdocs/caldav.php;
      fastcgi_param PATH_INFO \$fastcgi_path_info;
      fastcgi_param SERVER_NAME $HOST;
      fastcgi_pass $HOST:$FPM_PORT;
    }
  }
}
CONF
}

start_peer() {
  fresh_home
  chmod 755 "$HOME_DIR"
  touch "$HOME_DIR/output.log"
  start_database
  make_account
  write_settings
  in_background "$(fpm_program)" -y "$HOME_DIR/fpm.conf"
  in_background nginx -c "$HOME_DIR/nginx/nginx.conf"
  wait_for_status 207 "http://$HOST:$PORT/caldav.php/$USER_NAME/"
}

stop_peer() {
  stop_all TERM
  [ -d "$HOME_DIR/pg/data" ] && as_postgres "$(postgres_bin)/pg_ctl" -D "$HOME_DIR/pg/data" -m fast -w stop >/dev/null
  rm -f "$SETTINGS"
}

dispatch "$PORT" "$@"
