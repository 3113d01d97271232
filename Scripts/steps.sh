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

# SwiftPM prints a line per compiled file where there is no terminal to rewrite; there, only what went wrong.
quiet=
[[ -t 1 ]] || quiet=--quiet
export quiet
