#!/bin/sh
# run.sh SECONDS [NAME...]: builds the fuzz targets with clang under the address and undefined-behaviour sanitizers, and
# runs each for so many seconds, one after the other. Without names all of them.
#
# What is learnt is kept in build/fuzz/corpus/NAME; a finding is a file build/fuzz/crash-… and exit code 1. The log
# build/fuzz/runs.log adds a line for each run: date, target, seconds, executions.
set -eu

seconds=${1:?how many seconds for each target?}
shift
case $seconds in *[!0-9]* | "") echo "run.sh: \"$seconds\" is no number of seconds" >&2; exit 2 ;; esac
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/fuzz
command -v clang++ >/dev/null || { echo "run.sh: needs clang++ (Debian: apt-get install clang)" >&2; exit 2; }
sh "$root/examples/install-dependencies.sh"
mkdir -p "$root/build"
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER=clang++ \
    -DR8SCAN_FUZZ=ON -DR8SCAN_SANITIZE=address,undefined -DCMAKE_CXX_FLAGS="-fsanitize=fuzzer-no-link -fsanitize-ignorelist=$root/tests/fuzz/sanitizer_ignore.txt -O1" >"$build-configure.log" 2>&1 ||
    { cat "$build-configure.log" >&2; exit 2; }
cmake --build "$build" --target fuzz
# Where this tree is a clone, its own history is among the seeds, and so are the repositories that R8SCAN_SEED_REPOSITORIES
# names, with blanks between.
# shellcheck disable=SC2086
"$build/fuzz_seeds" "$build/seeds" "$root/patterns/replicate.toml" "$root" ${R8SCAN_SEED_REPOSITORIES:-}

[ $# -gt 0 ] || set -- $(cd "$root/tests/fuzz" && for file in *_fuzz.cpp; do echo "${file%.cpp}"; done)
status=0
for name in "$@"; do
    corpus=$build/corpus/$name
    mkdir -p "$corpus"
    seeds=$build/seeds/$name
    [ -d "$seeds" ] || seeds=
    echo "== $name, $seconds s"
    log=$build/$name.log
    # shellcheck disable=SC2086  # seeds is a path without blanks, or nothing
    if (cd "$build" && "./$name" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=4096 -print_final_stats=1 "$corpus" $seeds) \
        >"$log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$log")
        echo "   $runs executions, nothing found"
    else
        status=1
        runs=FOUND
        grep -E 'ERROR|SUMMARY|Test unit written' "$log" | sed 's/^/   /'
    fi
    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $name $seconds s $runs" >>"$build/runs.log"
done
awk '$5 != "FOUND" { seconds[$2] += $3; runs[$2] += $5 }
    END { for (name in seconds) printf "%s: %.2f hours, %d executions in all\n", name, seconds[name] / 3600, runs[name] }' \
    "$build/runs.log" | sort
exit "$status"
