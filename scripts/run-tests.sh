#!/usr/bin/env bash
# Every test of the workspace. The last line is the test runner's own count.
#
# What a test needs and does not find makes it fail, unless COUNTERPART_SKIP names the component
# (`make test SKIP=…` sets it).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -n ${COUNTERPART_SKIP:-} ]]; then
  echo "left out, because SKIP says so: $COUNTERPART_SKIP"
fi

if cargo nextest --version >/dev/null 2>&1; then
  # nextest does not run examples in documentation; they go first so that its count comes last.
  cargo test --workspace --doc --quiet
  cargo nextest run --workspace --profile ci
  exit
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
cargo test --workspace --no-fail-fast 2>&1 | tee "$log" || status=$?
awk '/^test result:/ { passed += $4; failed += $6; ignored += $8 }
  END { printf "test result: %d passed; %d failed; %d ignored\n", passed, failed, ignored }' "$log"
exit "$status"
