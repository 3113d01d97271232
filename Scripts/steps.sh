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

# The Swift tests, in processes one after the other: those of nodes on PostgreSQL apart from the others, which leave a
# server little of two processors.
parts=('--skip AblyPostgresTests')
if [[ ${#traits[@]} -gt 0 ]]; then parts+=('--filter AblyPostgresTests'); fi

# SwiftPM prints a line per compiled file where there is no terminal to rewrite; there, only what went wrong.
quiet=
[[ -t 1 ]] || quiet=--quiet
export quiet
