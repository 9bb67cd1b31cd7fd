#!/bin/sh
# Installs what building and testing r8scan needs and what is not there yet, and names it first. Where apt is used that
# includes what the static program needs (nettle, for libarchive); other packages have no static libraries.
#
# Knows apt, dnf, pacman and brew. Asks sudo only when not root, never waits for an answer, and does nothing at all
# (no package index is fetched either) when everything is there. Where Hyperscan is not packaged (ARM), Vectorscan takes
# its place: it has the same interface and the same libhs.pc.
set -eu

say() { printf '%s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        say "install-dependencies: this needs root, and there is no sudo. As root, run:"
        say "    $*"
        exit 1
    fi
}

# Each function below asks the package manager what is installed already, and installs the rest in one go.

install_with_apt() {
    wanted="cmake ninja-build g++ pkg-config git libgit2-dev libcli11-dev libfmt-dev doctest-dev libdeflate-dev
            libtomlplusplus-dev nlohmann-json3-dev libssl-dev zlib1g-dev libarchive-dev libbz2-dev liblzma-dev
            libzstd-dev libpcre2-dev libcurl4-openssl-dev libsqlite3-dev libcpp-httplib-dev python3
            rapidjson-dev libyaml-cpp-dev python3-aiosmtpd nettle-dev"
    missing=""
    for package in $wanted; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
    done
    need_matcher=no
    dpkg-query -W -f '${db:Status-Status}\n' libhyperscan-dev libvectorscan-dev 2>/dev/null | grep -qx installed ||
        need_matcher=yes
    [ -n "$missing" ] || [ "$need_matcher" = yes ] || return 0

    say "Reading the package index ..."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    if [ "$need_matcher" = yes ]; then
        # Hyperscan is for x86 alone.
        if apt-cache show libhyperscan-dev >/dev/null 2>&1; then
            missing="$missing libhyperscan-dev"
        else
            missing="$missing libvectorscan-dev"
        fi
    fi
    say "Installing with apt:$missing"
    # shellcheck disable=SC2086  # one word a package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

install_with_dnf() {
    wanted="cmake ninja-build gcc-c++ pkgconf-pkg-config git libgit2-devel cli11-devel fmt-devel doctest-devel
            libdeflate-devel tomlplusplus-devel json-devel openssl-devel zlib-devel libarchive-devel bzip2-devel xz-devel
            libzstd-devel pcre2-devel libcurl-devel sqlite-devel cpp-httplib-devel python3
            rapidjson-devel yaml-cpp-devel python3-aiosmtpd"
    missing=""
    for package in $wanted; do
        rpm -q --whatprovides "$package" >/dev/null 2>&1 || missing="$missing $package"
    done
    if ! rpm -q hyperscan-devel >/dev/null 2>&1 && ! rpm -q vectorscan-devel >/dev/null 2>&1; then
        if dnf -q info hyperscan-devel >/dev/null 2>&1; then
            missing="$missing hyperscan-devel"
        else
            missing="$missing vectorscan-devel"
        fi
    fi
    [ -n "$missing" ] || return 0
    say "Installing with dnf:$missing"
    # shellcheck disable=SC2086
    as_root dnf -y -q install $missing >&2
}

install_with_pacman() {
    wanted="cmake ninja gcc pkgconf git libgit2 cli11 fmt doctest libdeflate tomlplusplus nlohmann-json openssl zlib libarchive bzip2 xz zstd pcre2 curl sqlite cpp-httplib python rapidjson yaml-cpp python-aiosmtpd"
    missing=""
    for package in $wanted; do
        pacman -Qq "$package" >/dev/null 2>&1 || missing="$missing $package"
    done
    if ! pacman -Qq hyperscan >/dev/null 2>&1 && ! pacman -Qq vectorscan >/dev/null 2>&1; then
        if pacman -Si hyperscan >/dev/null 2>&1; then
            missing="$missing hyperscan"
        else
            missing="$missing vectorscan"
        fi
    fi
    [ -n "$missing" ] || return 0
    say "Installing with pacman:$missing"
    # shellcheck disable=SC2086
    as_root pacman -S --noconfirm --needed $missing >&2
}

install_with_brew() {
    wanted="cmake ninja pkg-config libgit2 cli11 fmt doctest libdeflate tomlplusplus nlohmann-json openssl@3 libarchive xz zstd
            pcre2 curl sqlite cpp-httplib rapidjson yaml-cpp vectorscan"
    have git || wanted="$wanted git"
    have python3 || wanted="$wanted python"
    missing=""
    for package in $wanted; do
        brew list --versions "$package" >/dev/null 2>&1 || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "Installing with brew:$missing"
    # shellcheck disable=SC2086
    brew install -q $missing >&2
}

if [ -n "${R8SCAN_SKIP_INSTALL:-}" ]; then
    exit 0
elif have apt-get; then
    install_with_apt
elif have dnf; then
    install_with_dnf
elif have pacman; then
    install_with_pacman
elif have brew; then
    install_with_brew
else
    say "install-dependencies: none of apt, dnf, pacman and brew is here. Install by hand, then run this again with"
    say "R8SCAN_SKIP_INSTALL=1: a C++20 compiler, CMake 3.22, Ninja, pkg-config, git, Hyperscan 5.4 or Vectorscan,"
    say "libgit2 1.5, libdeflate 1.10, CLI11 2.1.2, fmt 8, doctest 2.4, toml++ 3, nlohmann-json 3.10, OpenSSL 3, zlib,"
    say "libarchive 3.6, bzip2, liblzma, libzstd, PCRE2 10.32, libcurl 7.74, SQLite 3.34, cpp-httplib 0.11,"
    say "RapidJSON 1.1, yaml-cpp 0.6."
    exit 1
fi
