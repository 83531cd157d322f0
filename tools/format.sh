#!/bin/sh
# Lays the C files out by .clang-format (`make format`); with --check only names those that it would change.
# Left alone: tables of macro rows and the headers shared with GLSL, whose columns are their point, and .comp files.
set -eu
cd "$(dirname "$0")/.."
git ls-files -co --exclude-standard -- '*.c' '*.h' ':!*_table.h' ':!*_schema.h' ':!shaders/' | while read -r file; do
  [ -f "$file" ] || continue
  if [ "${1-}" = --check ]; then
    clang-format "$file" | cmp -s - "$file" || printf '%s\n' "$file"
  else
    clang-format -i "$file"
  fi
done
