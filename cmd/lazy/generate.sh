#!/bin/sh
# Prints an entry (see functions.h) for each function of the shared libraries that the archives call.
#   NM=nm READELF=readelf generate.sh ARCHIVE... -- LIBRARY...
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archives=yes
: >"$work/called"
: >"$work/exported"
for file; do
    if [ "$file" = -- ]; then
        archives=no
    elif [ $archives = yes ]; then
        "$NM" -u -P "$file" 2>/dev/null | awk 'NF > 1 { print $1 }' >>"$work/called"
    else
        name=$("$READELF" -d "$file" | sed -n 's/.*(SONAME).*\[\(.*\)\]$/\1/p')
        [ -n "$name" ] || { echo "generate.sh: $file is no shared library" >&2; exit 1; }
        "$NM" -D -P --defined-only "$file" | awk -v library="$name" '{ sub(/@.*/, "", $1); print $1, $2, library }' \
            >>"$work/exported"
    fi
done
sort -u "$work/called" >"$work/called.sorted"

# One line a function: its name, its kind as nm tells it, its library. The first library that has it is taken.
awk 'NR == FNR { called[$1] = 1; next } $1 in called && !($1 in seen) { seen[$1] = 1; print }' \
    "$work/called.sorted" "$work/exported" >"$work/found"
awk '$2 !~ /^[TWi]$/ { print "generate.sh: " $1 " of " $3 " is no function: configure with -DR8SCAN_LAZY=OFF"; bad = 1 }
     END { exit bad }' "$work/found" >&2

printf '// Made by cmd/lazy/generate.sh from what the program calls.\n#include "cmd/lazy/functions.h"\n\nR8SCAN_LAZY_BEGIN\n'
awk '{ printf "R8SCAN_LAZY_FUNCTION(%d, \"%s\")\n", NR - 1, $1 }' "$work/found"
printf '\nnamespace r8scan::lazy {\n\nconst Function functions[] = {\n'
awk '{ printf "    {\"%s\", \"%s\"},\n", $1, $3 }' "$work/found"
printf '};\n\n}  // namespace r8scan::lazy\n'
