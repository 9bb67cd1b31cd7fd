#!/bin/sh
# run.sh [--preset release|dev|asan|tsan]: installs what is missing, builds, and runs every test.
#
# `release` is the default and shares its build with examples/quickstart.sh; `dev` makes warnings errors; `asan` and
# `tsan` run the whole suite under the sanitizers. The exit code is 0 only when every test ran and passed. The last line
# sums up: "42 passed, 0 failed, 0 skipped".
set -eu

preset=release
while [ $# -gt 0 ]; do
    case $1 in
        --preset) preset=${2:?--preset needs a name: release, dev, asan or tsan}; shift 2 ;;
        --preset=*) preset=${1#--preset=}; shift ;;
        -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "run.sh: unknown argument \"$1\" (try --help)" >&2; exit 2 ;;
    esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
sh "$root/examples/install-dependencies.sh"
sh "$root/examples/build-preset.sh" "$preset"

processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
log=$root/build/$preset/test-run.log
status=0
# ctest's own summary differs from release to release, so the results are counted from its one line a test.
{ ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error -j "$processors" 2>&1 ||
    echo "ctest: exit $?"; } | tee "$log"
if grep -q '^ctest: exit ' "$log"; then
    status=1
fi

count() { grep -cE "$1" "$log" || true; }
passed=$(count '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed +[0-9.]+ sec')
skipped=$(count '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .*[*]{3}(Skipped|Not Run [(]Disabled)')
total=$(count '^ *[0-9]+/[0-9]+ Test +#[0-9]+: ')
failed=$((total - passed - skipped))
if [ "$passed" -eq 0 ]; then
    echo "run.sh: no test passed: the suite did not run" >&2
    status=1
fi
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
exit "$status"
