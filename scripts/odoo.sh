#!/usr/bin/env bash
# A real Odoo 14 Community on this machine, from Debian and Python packages, as root: Odoo and its
# PostgreSQL live in a Debian 11 of their own, a folder that nothing outside is linked to.
#
#   scripts/odoo.sh build    install it and make an empty database (done once, then cached)
#   scripts/odoo.sh start    start it and wait until it answers; prints url, database, user,
#                            password, API key
#   scripts/odoo.sh stop     stop it
#   scripts/odoo.sh reset    stop it and forget everything that was written to it
#
#   DIR=…     where this server keeps its data, log and address (default .cache/odoo/run)
#   PORT=…    the port on 127.0.0.1 (default: a free one)
#   MIRROR=…  the Debian mirror to install from (default: the one this machine installs from)
#   PYTHON=…  a Python 3.9 or newer with venv (default: the first one found)
#
# Several servers can run at once when each has a DIR of its own; they share one build of 1.6 GB.
# `start` writes the server's URL to $DIR/address, its administrator's password to $DIR/password
# and an API key of the administrator to $DIR/api_key. Modules: contacts, crm, calendar and
# crm_phonecall. Odoo is LGPL-3 and crm_phonecall AGPL-3 software: they are run here as programs,
# never linked or copied.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
script=$here/$(basename "${BASH_SOURCE[0]}")
cache=$(dirname "$here")/.cache/odoo
requirements=$here/odoo-requirements.txt
seed=$here/odoo-seed.py
dir=${DIR:-$cache/run}
database=crm
user=admin
suite=bullseye
modules=base,contacts,crm,calendar,crm_phonecall
# Seconds. Odoo loads its modules for ten seconds; a loaded machine may need many times that.
start_timeout=180
stop_timeout=20

say() { echo "odoo.sh: $*" >&2; }
die() { say "$*"; exit 1; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9}; do
    if "$candidate" -c '
import ensurepip, sys, venv
sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  die "no Python 3.9 or newer with venv found; on Debian: apt-get install python3-venv"
}

# The mirror this machine installs from. A snapshot is left out: it may lack the older Debian.
find_mirror() {
  if [[ -n ${MIRROR:-} ]]; then
    echo "$MIRROR"
    return
  fi
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } |
    grep -v '^ *#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | grep -v snapshot |
    sed -n '1{s/ *$//;p}' | grep . ||
    die "no Debian mirror found in /etc/apt; name one: MIRROR=… scripts/odoo.sh build"
}

need_root() {
  ((EUID == 0)) || die "a system of its own needs root: sudo $script ${1:-build}"
  if ! command -v debootstrap >/dev/null; then
    command -v apt-get >/dev/null || die "debootstrap is missing; install it"
    say "installing debootstrap"
    { apt-get -qq update && apt-get -y -qq install --no-install-recommends debootstrap; } >&2
  fi
}

# The build is named after everything that goes into it, so that a change makes a new one.
build_folder() {
  echo "$cache/build-$({
    cat "$requirements" "$seed"
    declare -f install_system install_addons fill_database mount_root write_configuration
    echo "$suite $modules"
  } | sha256sum | cut -c 1-16)"
}

# Runs this script's function in a mount namespace of its own: what is mounted there is gone with
# its last process, whatever becomes of it.
in_namespace() {
  build=$build dir=$dir exec unshare --mount --propagation private bash "$script" "$@"
}

# in_root COMMAND…: as root of the other system.
in_root() { chroot "$build/root" env -i LANG=C.UTF-8 HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" DEBIAN_FRONTEND=noninteractive "$@"; }

# Sets `as_odoo`, what runs a command as the other system's user odoo, under whom PostgreSQL runs
# as well. Not a function: in the background a function would be a shell between us and the command.
set_as_odoo() {
  as_odoo=(chroot --userspec=odoo:odoo "$build/root" env -i LANG=C.UTF-8 HOME=/srv SEED=/srv
    PATH=/usr/lib/postgresql/13/bin:/usr/bin:/bin)
}

# mount_root FOLDER: what the other system needs of this one, and FOLDER as its /srv.
mount_root() {
  mount --bind /proc "$build/root/proc"
  mount --rbind /dev "$build/root/dev"
  mount --bind "$1" "$build/root/srv"
}

start_postgres() { "${as_odoo[@]}" pg_ctl --pgdata=/srv/pg --log=/srv/postgres.log --silent --wait start; }
stop_postgres() { "${as_odoo[@]}" pg_ctl --pgdata=/srv/pg --mode=fast --silent --wait stop; }

# write_configuration FOLDER PORT
write_configuration() {
  cat >"$1/odoo.conf" <<CONF
[options]
admin_passwd = $(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
db_host = /srv
db_user = odoo
db_name = $database
dbfilter = ^$database\$
list_db = False
http_interface = 127.0.0.1
http_port = $2
addons_path = /usr/lib/python3/dist-packages/odoo/addons,/opt/addons
data_dir = /srv/files
workers = 0
max_cron_threads = 0
CONF
  in_root chown odoo:odoo /srv/odoo.conf
}

install_system() {
  local mirror
  mirror=$(find_mirror)
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$build/root" "$mirror" >&2
  echo "deb $mirror $suite main" >"$build/root/etc/apt/sources.list"
  # No service of a package may start, here or outside.
  printf '#!/bin/sh\nexit 101\n' >"$build/root/usr/sbin/policy-rc.d"
  chmod 755 "$build/root/usr/sbin/policy-rc.d"
  cat >"$build/root/etc/dpkg/dpkg.cfg.d/slim" <<'CONF'
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
path-exclude=/usr/share/locale/*
force-unsafe-io
CONF
  cp /etc/resolv.conf "$build/root/etc/resolv.conf"
  mount_root "$build/seed"
  in_root apt-get -qq update >&2
  in_root apt-get -y -qq install --no-install-recommends odoo-14 postgresql python3-phonenumbers \
    </dev/null >&2
  in_root apt-get clean
}

install_addons() {
  local work
  work=$(mktemp -d)
  "$python" -m venv "$work/venv"
  "$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
    --dest "$work" --requirement "$requirements"
  "$python" -m zipfile -e "$work"/*.whl "$work/unpacked"
  mkdir -p "$build/root/opt/addons"
  cp -r "$work"/unpacked/odoo/addons/* "$build/root/opt/addons/"
  chmod -R a+rX "$build/root/opt/addons"
  rm -rf "$work"
}

fill_database() {
  in_root chown odoo:odoo /srv
  "$python" -c 'import secrets; print(secrets.token_urlsafe(18))' >"$build/seed/password"
  write_configuration "$build/seed" 0
  in_root chown odoo:odoo /srv/password
  "${as_odoo[@]}" initdb --pgdata=/srv/pg --encoding=UTF8 --locale=C.UTF-8 --auth=peer >&2
  # Nothing here is worth a flush to the disk; nobody connects but by the socket.
  cat >>"$build/seed/pg/postgresql.conf" <<'CONF'
listen_addresses = ''
unix_socket_directories = '/srv'
fsync = off
full_page_writes = off
synchronous_commit = off
CONF
  start_postgres
  trap stop_postgres EXIT
  "${as_odoo[@]}" createdb --host=/srv "$database"
  "${as_odoo[@]}" odoo --config=/srv/odoo.conf --init="$modules" --without-demo=all --no-http \
    --stop-after-init >&2
  "${as_odoo[@]}" odoo shell --config=/srv/odoo.conf --no-http <"$seed" >&2
}

# Inside the namespace.
build_inside() {
  set_as_odoo
  mkdir -p "$build/seed"
  chmod 755 "$build" "$build/seed"
  umask 022
  install_system
  install_addons
  fill_database
}

# Sets `build` and makes it when it is not there yet.
ensure_build() {
  need_root "$1"
  build=$(build_folder)
  mkdir -p "$cache"
  # Two test runs at once must not install into the same folder.
  exec 9>"$cache/lock"
  if command -v flock >/dev/null; then flock 9; fi
  if [[ ! -e $build/complete ]]; then
    local python
    python=$(find_python)
    rm -rf "$build"
    say "installing Odoo in $build (once; six minutes or more)"
    (python=$python in_namespace inside-build 9>&-)
    touch "$build/complete"
    say "built in $build"
  fi
  exec 9>&-
}

# Inside the namespace: PostgreSQL and Odoo until somebody says stop.
serve_inside() {
  umask 022
  set_as_odoo
  mount_root "$dir/data"
  start_postgres
  "${as_odoo[@]}" odoo --config=/srv/odoo.conf </dev/null >>"$dir/log" 2>&1 &
  local odoo=$!
  # The first signal stops Odoo, and with it this script goes on to PostgreSQL.
  trap 'kill "$odoo" 2>/dev/null || true' TERM INT
  local code=0
  wait "$odoo" || code=$?
  wait "$odoo" 2>/dev/null || true
  stop_postgres
  exit "$code"
}

# Prints the process id of this DIR's server when it runs. The command line is checked as
# well, because a stale file may name a process id that something else has by now.
running_pid() {
  local pid
  pid=$(cat "$dir/pid" 2>/dev/null) || return 1
  [[ $(ps -o args= -p "$pid" 2>/dev/null) == *"$script inside-serve $dir" ]] || return 1
  echo "$pid"
}

print_address() {
  echo "url=$(cat "$dir/address")"
  echo "database=$database"
  echo "user=$user"
  echo "password=$(cat "$dir/password")"
  echo "api_key=$(cat "$dir/api_key")"
}

free_port() {
  "$1" -c '
import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

# What already listens there would answer in Odoo's place.
is_free() {
  "$1" -c '
import socket, sys
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", int(sys.argv[1])))' "$2" 2>/dev/null
}

# answers PYTHON PORT: whether the database is loaded and its administrator can sign in.
answers() {
  "$1" - "$2" "$database" "$user" "$dir/password" 2>/dev/null <<'PYTHON'
import json, sys, urllib.request

port, database, user, password = sys.argv[1:]
secret = open(password, encoding="ascii").read().strip()
params = {"service": "common", "method": "authenticate", "args": [database, user, secret, {}]}
call = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
request = urllib.request.Request(
    f"http://127.0.0.1:{port}/jsonrpc",
    data=json.dumps(call).encode(),
    headers={"Content-Type": "application/json"},
)
# No proxy of the environment may stand between this machine and itself.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
answer = json.load(opener.open(request, timeout=60))
sys.exit(not answer.get("result"))
PYTHON
}

# launch PYTHON PORT: succeeds once the server answers, fails with 1 when it ends and with 2 when
# it stays silent.
launch() {
  local python=$1 port=$2 pid deadline=$((SECONDS + start_timeout))
  is_free "$python" "$port" || { say "port $port is taken"; return 1; }
  sed -i "s/^http_port = .*/http_port = $port/" "$dir/data/odoo.conf"
  (in_namespace inside-serve "$dir") </dev/null >>"$dir/log" 2>&1 &
  pid=$!
  echo "$pid" >"$dir/pid"
  while kill -0 "$pid" 2>/dev/null; do
    if answers "$python" "$port"; then
      echo "http://127.0.0.1:$port/" >"$dir/address"
      return 0
    fi
    if ((SECONDS >= deadline)); then
      kill "$pid"
      return 2
    fi
    sleep 0.2
  done
  return 1
}

start() {
  ensure_build start
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  if ! running_pid >/dev/null; then
    # Another build has another password and perhaps another schema.
    if [[ ! -e $dir/data ]]; then
      cp -a "$build/seed" "$dir/copy"
      cp "$build/seed/password" "$build/seed/api_key" "$dir/"
      basename "$build" >"$dir/build"
      mv "$dir/copy" "$dir/data"
    elif [[ $(cat "$dir/build" 2>/dev/null) != "$(basename "$build")" ]]; then
      die "the data in $dir was made by another build; to start afresh: scripts/odoo.sh reset"
    fi
    local python attempt failure
    python=$(find_python)
    # A free port can be taken between finding and using it: then another one is tried.
    for attempt in 1 2 3; do
      failure=0
      launch "$python" "${PORT:-$(free_port "$python")}" || failure=$?
      if ((failure == 0)); then break; fi
      if ((failure == 2 || attempt == 3)) || [[ -n ${PORT:-} ]]; then
        tail -n 20 "$dir/log" 2>/dev/null >&2 || true
        rm -f "$dir/pid" "$dir/address"
        die "Odoo did not start; what it logged in $dir/log is above"
      fi
    done
  fi
  print_address
}

stop() {
  [[ -d $dir ]] || return 0
  dir=$(cd "$dir" && pwd)
  local pid deadline=$((SECONDS + stop_timeout))
  if pid=$(running_pid); then
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do
      if ((SECONDS >= deadline)); then
        # Odoo does not outlive its database.
        kill -KILL "$pid"
        kill -INT "$(head -n 1 "$dir/data/pg/postmaster.pid")" 2>/dev/null || true
        break
      fi
      sleep 0.1
    done
  fi
  rm -f "$dir/pid" "$dir/address"
}

case ${1:-} in
build) ensure_build build ;;
start) start ;;
stop) stop ;;
reset)
  stop
  rm -rf "$dir/data" "$dir/copy" "$dir/build" "$dir/password" "$dir/api_key" "$dir/log"
  ;;
inside-build) build_inside ;;
inside-serve) serve_inside ;;
*)
  sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 64
  ;;
esac
