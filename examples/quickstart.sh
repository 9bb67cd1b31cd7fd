#!/bin/sh
# quickstart.sh [REPO [OPTIONS]]: from a fresh clone to a scan, in one command.
#
# Installs what is missing (and names it first), builds build/release/r8scan, and scans all of REPO's history; the exit
# code is then that of `r8scan git`. Without REPO it makes a demonstration repository in a temporary folder, with a
# made-up token in each of six places that tools reading `git log -p` do not see, and scans that; the exit code is 0 when
# all six were found. A second run has nothing to install or to build and starts at once.
set -eu

say() { printf '%s\n' "$*" >&2; }

root=$(cd "$(dirname "$0")/.." && pwd)
r8scan=$root/build/release/r8scan

prepare() {
    sh "$root/examples/install-dependencies.sh" && sh "$root/examples/build-preset.sh" release r8scan
}

# ---- the demonstration -----------------------------------------------------------------------------------------------

# A made-up token, random and new in every run. It is only ever written to files and pipes, never printed.
new_token() {
    printf 'r8'
    printf '_'
    LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 37
}

sha256() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

# plant NUMBER: makes a token for one of the places, remembers its SHA-256 and writes the token to standard output.
plant() {
    new_token >"$work/token"
    sha256 <"$work/token" >"$work/planted-$1"
    { cat "$work/token"; echo; } >>"$work/planted"
    cat "$work/token"
}

make_demonstration() {
    # The user's own git settings (signing, hooks, templates) stay out of it.
    HOME=$work GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
    GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
    export HOME GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL
    export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
    unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES

    git init -q "$work/demo"
    cd "$work/demo"
    git symbolic-ref HEAD refs/heads/main
    echo "key = None" >settings.py
    git add settings.py && git commit -q -m "Add settings"

    # 1: two branches change one line, and the merge puts in what neither had.
    git checkout -q -b left && echo "key = 1" >settings.py && git commit -q -a -m "Left"
    git checkout -q -b right main && echo "key = 2" >settings.py && git commit -q -a -m "Right"
    git merge -q left >/dev/null 2>&1 || true
    { printf 'key = "'; plant 1; printf '"\n'; } >settings.py
    git add settings.py && git commit -q -m "Merge left into right"
    git checkout -q main && git merge -q right && git branch -q -D left right
    echo 'key = os.environ["REPLICATE_API_TOKEN"]' >settings.py && git commit -q -a -m "Read the key from the environment"

    # 2: a file that git shows as "Binary files differ".
    { printf 'cache\000\001'; plant 2; printf '\000\377'; } >cache.bin
    git add cache.bin && git commit -q -m "Add the cache"

    # 3: a commit message.
    { echo "Fix the login"; echo; printf 'Tried with '; plant 3; echo " and it works."; } >"$work/message"
    git commit -q --allow-empty -F "$work/message"

    # 4: the message of an annotated tag.
    { printf 'Release. Key: '; plant 4; echo; } >"$work/message"
    git tag -a -F "$work/message" v1.0

    # 5: the second stash entry. `git log --all` walks the first one alone.
    { printf 'key = "'; plant 5; printf '"\n'; } >settings.py
    git stash -q
    echo "key = 3" >settings.py && git stash -q

    # 6: staged, then thought better of. No commit ever held it; git keeps the object.
    { printf 'REPLICATE_API_TOKEN='; plant 6; echo; } >.env
    git add .env && git rm -q --cached .env

    rm -f .env "$work/message" "$work/token"
    cd "$root"
}

demonstrate() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/r8scan-demo.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
    make_demonstration

    say "A demonstration repository now holds six made-up tokens where tools that read diffs do not look:"
    say "  1. the resolution of a merge conflict        4. the message of an annotated tag"
    say "  2. a binary file                             5. the second stash entry"
    say "  3. a commit message                          6. a file staged and never committed"
    say "r8scan should find all six. The command is: r8scan git REPO"
    say ""
    code=0
    "$r8scan" git "$work/demo" -f text -f "jsonl=$work/report.jsonl" || code=$?

    found=0
    missed=""
    for number in 1 2 3 4 5 6; do
        if grep -q "\"token_sha256\":\"$(cat "$work/planted-$number")\"" "$work/report.jsonl"; then
            found=$((found + 1))
        else
            missed="$missed $number"
        fi
    done
    # What a scanner of diffs reads: the lines that commits add, as git prints them.
    added=$(git -C "$work/demo" log -p -U0 --full-history --all | sed -n 's/^+//p' | grep -c -F -f "$work/planted" || true)
    say ""
    say "r8scan finds $found of them. Among the lines that \`git log -p -U0 --full-history --all\` shows as added are $added."
    if [ "$found" -eq 6 ] && [ "$code" -eq 1 ]; then
        say "All six found. To scan a repository of yours: $r8scan git REPO"
        return 0
    fi
    say "quickstart: found $found of six (not found:${missed:- none}), and r8scan ended with $code instead of 1"
    return 1
}

# Nothing was scanned when this fails: exit code 2, as r8scan has it.
prepare || { say "quickstart: r8scan could not be built; the reason stands above"; exit 2; }
if [ $# -gt 0 ]; then
    exec "$r8scan" git "$@"
fi
demonstrate
