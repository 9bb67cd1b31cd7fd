#!/bin/sh
# build-preset.sh PRESET [TARGET]: configures and builds one of the presets (release, dev, asan, tsan) in build/PRESET.
#
# The presets file needs CMake 3.25. The project itself needs 3.22, so an older CMake is given the same settings by hand.
set -eu

preset=${1:?usage: build-preset.sh PRESET [TARGET]}
target=${2:-all}
cd "$(dirname "$0")/.."

cmake_has_presets() {
    version=$(cmake --version | sed -n '1s/[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
    # shellcheck disable=SC2086  # two words: major and minor
    set -- $version
    [ "$1" -gt 3 ] || { [ "$1" -eq 3 ] && [ "$2" -ge 25 ]; }
}

settings_of() {
    case $1 in
        release) echo "-DCMAKE_BUILD_TYPE=Release" ;;
        dev) echo "-DCMAKE_BUILD_TYPE=RelWithDebInfo -DR8SCAN_WERROR=ON -DCMAKE_CXX_FLAGS=-D_GLIBCXX_ASSERTIONS" ;;
        asan) echo "$(settings_of dev) -DR8SCAN_SANITIZE=address,undefined" ;;
        tsan) echo "$(settings_of dev) -DR8SCAN_SANITIZE=thread" ;;
        *) echo "build-preset: no preset \"$1\": release, dev, asan or tsan" >&2; return 2 ;;
    esac
}

settings=$(settings_of "$preset")
if cmake_has_presets; then
    cmake --preset "$preset" >&2
else
    # shellcheck disable=SC2086  # one word a setting
    cmake -S . -B "build/$preset" -G Ninja $settings >&2
fi
cmake --build "build/$preset" --target "$target" >&2
