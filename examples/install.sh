#!/bin/sh
# install.sh [FOLDER]: builds r8scan and puts the program into FOLDER (default: /usr/local/bin where that can be written,
# else ~/.local/bin). Installs what building needs first. For pipelines, and for whoever wants `r8scan` in PATH.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
sh "$root/examples/install-dependencies.sh"
sh "$root/examples/build-preset.sh" release r8scan

if [ $# -gt 0 ]; then
    folder=$1
elif [ -w /usr/local/bin ]; then
    folder=/usr/local/bin
else
    folder=$HOME/.local/bin
fi
mkdir -p "$folder"
# A new file in place of the old one: that may be running.
cp "$root/build/release/r8scan" "$folder/.r8scan.new" && mv "$folder/.r8scan.new" "$folder/r8scan"
echo "r8scan is in $folder" >&2
case :$PATH: in
    *:"$folder":*) ;;
    *) echo "which is not in PATH yet: PATH=$folder:\$PATH" >&2 ;;
esac
