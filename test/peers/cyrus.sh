#!/bin/bash
# Cyrus IMAP's httpd with calendars and address books, four processes ahead of need, and with
# TCP_NODELAY set on its connections by a preloaded shim (nodelay.c says why). Needs root and gcc.
# `cyrus.sh install|start|stop|url`; see common.sh.
set -u
. "$(dirname "$0")/common.sh"
HOME_DIR=$PEERS_DIR/cyrus
PORT=${CYRUS_PORT:-18110}
IMAP_PORT=$((PORT + 1))
BIN=/usr/lib/cyrus/bin

install_peer() {
  apt_install cyrus-imapd cyrus-caldav sasl2-bin libsasl2-modules libsasl2-modules-db gcc libc6-dev curl
}

write_settings() {
  cat >"$HOME_DIR/imapd.conf" <<CONF
configdirectory: $HOME_DIR/conf
defaultpartition: default
partition-default: $HOME_DIR/spool
proc_path: $HOME_DIR/run/proc
mboxname_lockpath: $HOME_DIR/run/lock
sievedir: $HOME_DIR/sieve
lmtpsocket: $HOME_DIR/run/lmtp
idlesocket: $HOME_DIR/run/idle
notifysocket: $HOME_DIR/run/notify
servername: localhost
admins: cyrus
altnamespace: no
unixhierarchysep: no
virtdomains: off
allowplaintext: yes
httpmodules: caldav carddav
caldav_create_default: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $HOME_DIR/sasldb2
sasl_mech_list: PLAIN LOGIN
autocreate_quota: 0
CONF
  cat >"$HOME_DIR/cyrus.conf" <<CONF
START {
  recover cmd="$BIN/ctl_cyrusdb -C $HOME_DIR/imapd.conf -r"
}
SERVICES {
  imap cmd="$BIN/imapd -C $HOME_DIR/imapd.conf" listen="$HOST:$IMAP_PORT" prefork=0 maxchild=4
  http cmd="$BIN/httpd -C $HOME_DIR/imapd.conf -U 250" listen="$HOST:$PORT" prefork=4 maxchild=100
}
EVENTS {
  checkpoint cmd="$BIN/ctl_cyrusdb -C $HOME_DIR/imapd.conf -c" period=30
}
CONF
}

add_login() {
  printf %s "$2" | saslpasswd2 -p -c -f "$HOME_DIR/sasldb2" -u localhost "$1"
}

# Mailboxes are made over IMAP by the administrator; retried until the server listens.
make_mailbox() {
  for _ in $(seq 50); do
    if { exec 3<>"/dev/tcp/$HOST/$IMAP_PORT"; } 2>/dev/null; then
      printf '1 LOGIN cyrus cyruspw\r\n2 CREATE user.%s\r\n3 LOGOUT\r\n' "$1" >&3
      grep -m1 '^2 ' <&3 | grep -q '^2 OK'
      local made=$?
      exec 3>&-
      return "$made"
    fi
    sleep 0.2
  done
  return 1
}

start_peer() {
  fresh_home
  mkdir -p "$HOME_DIR"/{conf,spool,sieve,run/proc,run/lock}
  write_settings
  add_login "$USER_NAME" "$USER_PASSWORD"
  add_login cyrus cyruspw
  gcc -shared -fPIC -O2 -o "$HOME_DIR/nodelay.so" "$(dirname "$0")/nodelay.c" -ldl || exit 1
  chmod 755 "$HOME_DIR/nodelay.so"
  touch "$HOME_DIR/output.log"
  chown -R cyrus:mail "$HOME_DIR"
  LD_PRELOAD=$HOME_DIR/nodelay.so in_background "$BIN/master" -D \
    -C "$HOME_DIR/imapd.conf" -M "$HOME_DIR/cyrus.conf" -p "$HOME_DIR/master.pid"
  make_mailbox "$USER_NAME" || { echo "no mailbox; see $HOME_DIR/output.log" >&2; exit 1; }
  # The first request to a home makes its default collections.
  curl -s -o /dev/null -o /dev/null -u "$USER_NAME:$USER_PASSWORD" -X PROPFIND -H 'Depth: 1' \
    "http://$HOST:$PORT/dav/calendars/user/$USER_NAME/" "http://$HOST:$PORT/dav/addressbooks/user/$USER_NAME/"
  wait_for_status 207 "http://$HOST:$PORT/dav/addressbooks/user/$USER_NAME/"
}

stop_peer() { stop_all TERM; }

dispatch "$PORT" "$@"
