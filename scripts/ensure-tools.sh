#!/usr/bin/env bash
# Finds what building and testing need, and installs what is missing where it may: with apt-get
# as root or by sudo without a password. What then is still missing is named, and fails, unless
# COUNTERPART_SKIP names it.
#
#   scripts/ensure-tools.sh                 everything `make test` needs
#   scripts/ensure-tools.sh node compiler   only these
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

all=(compiler git node postgres browser tryton runner)
# Without these there is no build; the others each stand for a part of the tests.
skippable=(postgres browser tryton)
minimum_node=18
minimum_postgres=15

die() { echo "ensure-tools.sh: $*" >&2; exit 1; }

contains() {
  local wanted=$1 item
  shift
  for item; do [[ $item == "$wanted" ]] && return; done
  return 1
}

# --- Is it there? Each prints what it found. -------------------------------------------------

find_compiler() { command -v cc; }

find_git() { command -v git; }

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
  return 1
}

find_node() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  ((${version%%.*} >= minimum_node)) && command -v npm >/dev/null && echo "Node $version"
}

# The server's programs are not on the PATH in Debian.
find_postgres() {
  local initdb version
  if [[ -n ${COUNTERPART_TEST_POSTGRES_URL:-} ]]; then
    echo "the server that COUNTERPART_TEST_POSTGRES_URL names"
    return
  fi
  while read -r initdb; do
    version=$("$initdb" --version | grep -oE '[0-9]+' | head -n 1)
    if ((version >= minimum_postgres)); then
      echo "PostgreSQL $version in $(dirname "$initdb")"
      return
    fi
  done < <(command -v initdb; compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -rV)
  return 1
}

find_browser() {
  local browser
  command -v chromedriver >/dev/null || return 1
  for browser in chromium chromium-browser google-chrome; do
    command -v "$browser" && return
  done
  return 1
}

# Built here and not inside a test, so that the test's time limit is about the test.
find_tryton() {
  find_python >/dev/null && scripts/tryton.sh build >&2 && echo "Tryton, built"
}

find_runner() { cargo nextest --version 2>/dev/null | head -n 1; }

# --- What brings it? -------------------------------------------------------------------------

packages_of() {
  case $1 in
  compiler) echo "build-essential" ;;
  git) echo "git" ;;
  python | tryton) echo "python3 python3-venv" ;;
  node) echo "nodejs npm" ;;
  postgres) echo "postgresql" ;;
  browser) echo "chromium chromium-driver" ;;
  esac
}

remedy_of() {
  case $1 in
  runner) echo "cargo install --locked cargo-nextest" ;;
  tryton) echo "Python 3.9 or newer with venv, and a package index that pip can reach" ;;
  node) echo "Node $minimum_node or newer with npm; on Debian: apt-get install $(packages_of node)" ;;
  postgres) echo "PostgreSQL $minimum_postgres or newer; on Debian: apt-get install postgresql" ;;
  *) echo "on Debian: apt-get install $(packages_of "$1")" ;;
  esac
}

# Sets `as_root` to what runs a command as root; fails where nothing does.
may_install() {
  command -v apt-get >/dev/null || return 1
  if ((EUID == 0)); then
    as_root=()
  elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    return 1
  fi
}

updated=no
install_packages() {
  may_install || return 1
  if [[ $updated == no ]]; then
    "${as_root[@]}" apt-get update -qq >&2 || return 1
    updated=yes
  fi
  echo "installing $*" >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >&2
}

bring() {
  if [[ $1 == runner ]]; then
    echo "installing cargo-nextest (once; a few minutes)" >&2
    cargo install --locked --quiet cargo-nextest >&2
  else
    local packages
    read -ra packages <<<"$(packages_of "$1")"
    install_packages "${packages[@]}"
  fi
}

# --- Do it. ----------------------------------------------------------------------------------

IFS=', ' read -ra skip <<<"${COUNTERPART_SKIP:-}"
for component in ${skip[@]+"${skip[@]}"}; do
  contains "$component" "${skippable[@]}" ||
    die "SKIP names $component; it can name: ${skippable[*]}"
done

wanted=("$@")
((${#wanted[@]})) || wanted=("${all[@]}")
missing=()
for component in "${wanted[@]}"; do
  contains "$component" "${all[@]}" python || die "no component is called $component"
  if contains "$component" ${skip[@]+"${skip[@]}"}; then
    printf '%-10s skipped\n' "$component"
  elif found=$("find_$component") ||
    { bring "$component" && found=$("find_$component"); }; then
    printf '%-10s %s\n' "$component" "$found"
  elif [[ $component == runner ]]; then
    printf '%-10s %s\n' "$component" "cargo test, because cargo-nextest could not be installed"
  else
    printf '%-10s MISSING\n' "$component"
    missing+=("$component")
  fi
done

for component in ${missing[@]+"${missing[@]}"}; do
  echo "ensure-tools.sh: $component is missing. It needs: $(remedy_of "$component")" >&2
  if contains "$component" "${skippable[@]}"; then
    echo "  or leave its tests out: make test SKIP=$component" >&2
  fi
done
((${#missing[@]} == 0))
