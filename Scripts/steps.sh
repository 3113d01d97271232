# Sourced by the scripts beside it: stands in the root of the package, and speaks the same way everywhere.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# Announces a step in one line.
step() { printf '==> %s\n' "$*"; }

# Ends the script with one line that says what is wrong and what to do.
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# What every debug build is built with: PostgreSQL as well, where libpq is there, so that nothing is compiled twice.
traits=()
if pkg-config --exists libpq 2>/dev/null; then traits=(--traits default,Postgres); fi

# SwiftPM prints a line per compiled file where there is no terminal to rewrite; there, only what went wrong.
quiet=
[[ -t 1 ]] || quiet=--quiet
export quiet
