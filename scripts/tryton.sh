#!/usr/bin/env bash
# A real Tryton 7.0 LTS on this machine, from Python packages, on SQLite, without root.
#
#   scripts/tryton.sh build    install it and make an empty database (done once, then cached)
#   scripts/tryton.sh start    start it and wait until it answers; prints url, user, password
#   scripts/tryton.sh stop     stop it
#   scripts/tryton.sh reset    stop it and forget everything that was written to it
#
#   DIR=…     where this server keeps its data, log and address (default .cache/tryton/run)
#   PORT=…    the port on 127.0.0.1 (default: a free one)
#   PYTHON=…  a Python 3.9 or newer with venv (default: the first one found)
#
# Several servers can run at once when each has a DIR of its own; they share one build.
# `start` writes the server's URL to $DIR/address and its administrator's password to
# $DIR/password. Tryton is GPL-3 software: it is run here as a program, never linked or copied.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$(dirname "$here")/.cache/tryton
requirements=$here/tryton-requirements.txt
seed=$here/tryton-seed.py
dir=${DIR:-$cache/run}
database=crm
user=admin
# A cold start takes two or three seconds; a loaded machine may need many times that.
start_timeout_seconds=90

say() { echo "tryton.sh: $*" >&2; }
die() { say "$*"; exit 1; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python3.10 python3.9}; do
    if "$candidate" -c '
import ensurepip, sqlite3, sys, venv
sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  die "no Python 3.9 or newer with venv and sqlite3 found; on Debian: apt-get install python3-venv"
}

# The build is named after everything that goes into it, so that a change makes a new one.
build_folder() {
  local version
  version=$("$1" -c 'import sys; print(sys.version)')
  echo "$cache/build-$(cat "$requirements" "$seed" "${BASH_SOURCE[0]}" - <<<"$version" |
    "$1" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])')"
}

# write_configuration FOLDER PORT
write_configuration() {
  cat >"$1/trytond.conf" <<CONF
[database]
uri = sqlite://
path = $1/db
[web]
listen = 127.0.0.1:$2
CONF
}

# Sets `build` and makes it when it is not there yet.
ensure_build() {
  local python
  python=$(find_python)
  build=$(build_folder "$python")
  mkdir -p "$cache"
  # Two test runs at once must not install into the same folder.
  exec 9>"$cache/lock"
  if command -v flock >/dev/null; then flock 9; fi
  if [[ ! -e $build/complete ]]; then
    rm -rf "$build"
    mkdir -p "$build/db"
    say "installing Tryton with $python (once; two minutes)"
    "$python" -m venv "$build/venv"
    "$build/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
    "$python" -c 'import secrets; print(secrets.token_urlsafe(18))' >"$build/password"
    write_configuration "$build" 0
    # Tryton takes an existing empty file for a database that is to be filled.
    : >"$build/db/$database.sqlite"
    local admin=("$build/venv/bin/trytond-admin" -c "$build/trytond.conf" -d "$database")
    TRYTONPASSFILE=$build/password "${admin[@]}" --update ir res --email "$user@example.com"
    "${admin[@]}" --update company party sale_opportunity --activate-dependencies
    "$build/venv/bin/python" "$seed" "$build/trytond.conf" "$database"
    touch "$build/complete"
    say "built in $build"
  fi
  exec 9>&-
}

# Prints the process id of this DIR's server when it runs. The command line is checked as
# well, because a stale file may name a process id that something else has by now.
running_pid() {
  local pid
  pid=$(cat "$dir/pid" 2>/dev/null) || return 1
  [[ $(ps -o args= -p "$pid" 2>/dev/null) == *"$dir/trytond.conf"* ]] || return 1
  echo "$pid"
}

print_address() {
  echo "url=$(cat "$dir/address")"
  echo "user=$user"
  echo "password=$(cat "$dir/password")"
}

free_port() {
  "$build/venv/bin/python" -c '
import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

# What already listens there would answer in Tryton's place.
is_free() {
  "$build/venv/bin/python" -c '
import socket, sys
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", int(sys.argv[1])))' "$1" 2>/dev/null
}

# launch PORT: succeeds once the server answers, fails with 1 when it ends and with 2 when it
# stays silent.
launch() {
  local port=$1 pid deadline=$((SECONDS + start_timeout_seconds))
  is_free "$port" || { say "port $port is taken"; return 1; }
  write_configuration "$dir" "$port"
  nohup "$build/venv/bin/python" "$build/venv/bin/trytond" -c "$dir/trytond.conf" -d "$database" \
    </dev/null >>"$dir/log" 2>&1 &
  pid=$!
  echo "$pid" >"$dir/pid"
  while kill -0 "$pid" 2>/dev/null; do
    if "$build/venv/bin/python" - "$port" 2>/dev/null <<'PYTHON'; then
import json, sys, urllib.request
port = sys.argv[1]
call = {"id": 1, "method": "common.server.version", "params": []}
request = urllib.request.Request(
    f"http://127.0.0.1:{port}/",  # the one call that needs no session; the database is loaded by then
    data=json.dumps(call).encode(),
    headers={"Content-Type": "application/json"},
)
# No proxy of the environment may stand between this machine and itself.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
answer = json.load(opener.open(request, timeout=10))
sys.exit(not answer["result"].startswith("7.0."))
PYTHON
      echo "http://127.0.0.1:$port/$database/" >"$dir/address"
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
  ensure_build
  mkdir -p "$dir/db"
  dir=$(cd "$dir" && pwd)
  if ! running_pid >/dev/null; then
    # Another build has another password and perhaps another schema.
    if [[ ! -e $dir/db/$database.sqlite ]]; then
      cp "$build/db/$database.sqlite" "$dir/db/$database.sqlite"
      cp "$build/password" "$dir/password"
      basename "$build" >"$dir/build"
    elif [[ $(cat "$dir/build" 2>/dev/null) != "$(basename "$build")" ]]; then
      die "the data in $dir was made by another build; to start afresh: scripts/tryton.sh reset"
    fi
    local attempt failure
    # A free port can be taken between finding and using it: then another one is tried.
    for attempt in 1 2 3; do
      failure=0
      launch "${PORT:-$(free_port)}" || failure=$?
      if ((failure == 0)); then break; fi
      if ((failure == 2 || attempt == 3)) || [[ -n ${PORT:-} ]]; then
        tail -n 20 "$dir/log" 2>/dev/null >&2 || true
        rm -f "$dir/pid" "$dir/address"
        die "Tryton did not start; what it logged in $dir/log is above"
      fi
    done
  fi
  print_address
}

stop() {
  [[ -d $dir ]] || return 0
  dir=$(cd "$dir" && pwd)
  local pid deadline=$((SECONDS + 10))
  if pid=$(running_pid); then
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do
      if ((SECONDS >= deadline)); then
        kill -KILL "$pid"
        break
      fi
      sleep 0.1
    done
  fi
  rm -f "$dir/pid" "$dir/address"
}

case ${1:-} in
build) ensure_build ;;
start) start ;;
stop) stop ;;
reset)
  stop
  rm -rf "$dir/db" "$dir/build" "$dir/password" "$dir/log"
  ;;
*)
  sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 64
  ;;
esac
