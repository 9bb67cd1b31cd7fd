#!/bin/sh
# story.sh [TOKENS [ACTIVE]]: a leak from its discovery to its end, on this machine alone.
#
# Starts a service that issues TOKENS made-up tokens (5), of which ACTIVE work (3), and a mail server (aiosmtpd); lets
# all of the tokens leak into a git repository; has r8scan find, verify and revoke them and mail their owner; shows that
# they are dead, the mail, and what the service counted; and shows that a second run sends nothing. The exit code is 0
# when all of that came true.
#
# Everything is in one temporary folder, removed at the end, also on Ctrl-C. Tokens go through files and pipes that only
# you can read, never through arguments or the environment. R8SCAN and REVOCATION_SERVICE name programs that are built
# already; R8SCAN_SKIP_INSTALL=1 installs nothing.
set -eu

tokens=${1:-5}
active=${2:-3}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n\n' "$*"; }
fail() {
    printf 'story: %s\n' "$*" >&2
    exit 1
}

# ---- what it needs ---------------------------------------------------------------------------------------------------

prepare() {
    if [ -z "${R8SCAN:-}" ] || [ -z "${REVOCATION_SERVICE:-}" ]; then
        sh "$root/examples/install-dependencies.sh"
    fi
    if [ -z "${R8SCAN:-}" ]; then
        sh "$root/examples/build-preset.sh" release r8scan
        R8SCAN=$root/build/release/r8scan
    fi
    if [ -z "${REVOCATION_SERVICE:-}" ]; then
        cmake -S "$here" -B "$root/build/revocation-service" >&2
        cmake --build "$root/build/revocation-service" >&2
        REVOCATION_SERVICE=$root/build/revocation-service/revocation-service
    fi
    # The system's own Python has the packages of the system.
    for python in /usr/bin/python3 python3; do
        if "$python" -c 'import aiosmtpd' 2>/dev/null; then
            return
        fi
    done
    fail "no Python here has aiosmtpd, the mail server: install python3-aiosmtpd, or pip install aiosmtpd"
}

# ---- the actors ------------------------------------------------------------------------------------------------------

children=""

clean_up() {
    for child in $children; do
        kill "$child" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$work"
}

# wait_for FILE: until the file has a line; the actor writes it when it answers.
wait_for() {
    tries=0
    until [ -s "$1" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || fail "$1 does not appear"
        sleep 0.1
    done
}

start_service() {
    "$REVOCATION_SERVICE" issue "$work/service" "$tokens" "$active" >"$work/tokens"
    "$REVOCATION_SERVICE" serve "$work/service" >/dev/null &
    children="$children $!"
    wait_for "$work/service/port"
    service=http://127.0.0.1:$(cat "$work/service/port")
}

start_mail_server() {
    "$python" "$here/mail_server.py" "$work/mail" >"$work/mail-port" &
    children="$children $!"
    wait_for "$work/mail-port"
}

# The tokens leak in four ways, in turn. In the loop only the shell itself sees a token: printf and read are parts of it.
leak() {
    export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
    export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
    unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
    git init -q "$work/app"
    cd "$work/app"
    git symbolic-ref HEAD refs/heads/main
    mkdir deploy old kube "$work/messages"
    number=0
    while read -r token; do
        number=$((number + 1))
        case $((number % 4)) in
            1) printf 'REPLICATE_API_TOKEN=%s\n' "$token" >deploy/$number.env ;;
            2) printf 'replicate.Client(api_token="%s")\n' "$token" >old/$number.py ;;
            3) printf 'Try the new model\n\nWorks with %s now.\n' "$token" >"$work/messages/$number" ;;
            0) printf '{"data":{"token":"%s"}}\n' "$(printf '%s' "$token" | base64 | tr -d '\n')" >kube/$number.json ;;
        esac
    done <"$work/tokens"
    echo "# app" >README
    git add . && git commit -q -m "Add the settings"
    for message in "$work"/messages/*; do
        [ -e "$message" ] && git commit -q --allow-empty -F "$message"
    done
    git rm -q -r --ignore-unmatch old && git commit -q --allow-empty -m "Remove the old clients"
    rm -rf "$work/messages"
    cd "$root"
}

configure() {
    cat >"$work/config.toml" <<END
verify = true
api-base = "$service/v1"
outbox = "$work/outbox/outbox.db"

[[callback]]
name = "disable"
stage = "revoke"
kind = "http"
url = "$service/disable"
secret_env = "WEBHOOK_KEY"
only = ["active", "unknown"]

[[callback]]
name = "mail"
stage = "notify"
kind = "smtp"
url = "smtp://127.0.0.1:$(cat "$work/mail-port")"
from = "r8scan@example.com"
to = ["security@example.com"]
only = ["active", "unknown"]
END
    WEBHOOK_KEY=$(cat "$work/service/webhook-key")
    export WEBHOOK_KEY XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state" no_proxy=127.0.0.1
}

# ---- what is to be seen ----------------------------------------------------------------------------------------------

# scan: the command of the story; its report is shown whole where it is short.
scan() {
    code=0
    "$R8SCAN" git "$work/app" --verify --revoke --yes --config "$work/config.toml" "$@" >"$work/report" || code=$?
    if [ "$tokens" -le 10 ]; then cat "$work/report"; else tail -n 8 "$work/report"; fi
    say "(exit code $code)"
}

stats() {
    "$python" -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())' "$service/stats"
}

# count FIELD: that number of what the service counted.
count() {
    stats | sed 's/.*"'"$1"'":\([0-9]*\).*/\1/'
}

mails() {
    find "$work/mail/new" -type f | wc -l | tr -d ' '
}

show_first_mail() {
    "$python" - "$work/mail/new" <<'END'
import email, email.policy, os, sys
name = sorted(os.listdir(sys.argv[1]))[0]
with open(os.path.join(sys.argv[1], name), "rb") as file:
    mail = email.message_from_binary_file(file, policy=email.policy.default)
print(f"From: {mail['From']}\nTo: {mail['To']}\nSubject: {mail['Subject']}\n")
print(mail.get_body(("plain",)).get_content())
END
}

expect() {
    [ "$2" -eq "$3" ] || fail "$1: $2, and not $3"
}

# ---- the story -------------------------------------------------------------------------------------------------------

prepare
umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/r8scan-story.XXXXXX")
trap clean_up EXIT
trap 'exit 130' INT TERM

step "A service issues $tokens tokens; $active of them work, the others were disabled before"
start_service
start_mail_server
stats

step "All of them leak: into files, into files removed since, into commit messages, into base64"
leak
git -C "$work/app" log --oneline | head -n 10

step "r8scan git app --verify --revoke --yes --config config.toml"
configure
scan

step "The tokens are dead: r8scan verify says of each what the service says"
"$R8SCAN" verify --config "$work/config.toml" <"$work/tokens" >"$work/verified" || true
sed 's/.*  //' "$work/verified" | sort | uniq -c
expect "inactive tokens" "$(grep -c '  inactive' "$work/verified")" "$tokens"

step "The mails: $(mails). The first one:"
show_first_mail

step "What the service counted"
stats
expect "mails" "$(mails)" "$active"
expect "disabled tokens" "$(count disabled)" "$active"
expect "requests to disable" "$(count events)" "$active"
expect "requests that came again" "$(count repeated)" 0
expect "requests that were refused" "$(count refused)" 0

step "A second run: nothing new is sent, and with --fail-on active its exit code is 0, since all of them are dead"
scan --fail-on active
stats
expect "exit code of the second run" "$code" 0
expect "mails after the second run" "$(mails)" "$active"
expect "requests to disable after the second run" "$(count events)" "$active"
expect "requests that came again in the second run" "$(count repeated)" 0

step "All of it came true: $active of $tokens tokens were disabled, $active mails sent, each once"
