#!/bin/sh
# build-static.sh: installs what is missing and builds build/release/static/r8scan, one file that needs nothing else: no shared
# library, no other file. It scans and reports like the usual build, and has no network and no plugins. For Debian and
# Ubuntu, whose packages have the static libraries.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
sh "$root/examples/install-dependencies.sh"
sh "$root/examples/build-preset.sh" release r8scan_static
echo "build/release/static/r8scan is ready" >&2
