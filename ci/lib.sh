# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What all scripts of ci/ share. Sourced with the repository root in $repo.
# Exit codes are those of the tool: 0 fine, 1 findings or failed checks, 2 usage, 3 our own or the
# machine's fault, 4 nothing could run here.

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

fail() {
	local code=$1
	shift
	say "$*"
	exit "$code"
}

# Seconds with three decimals, without starting a process.
now() {
	printf '%s' "${EPOCHREALTIME/,/.}"
}

elapsed() {
	awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f s", to - from }'
}

# Runs a command with its output in a log, shown only if the command fails.
quietly() {
	local log=$1 code=0
	shift
	"$@" >"$log" 2>&1 </dev/null || code=$?
	((code == 0)) || tail -n 40 "$log" >&2
	return "$code"
}

# Lists are read from standard input, one number a line.
median() {
	sort -n | awk '{ v[NR] = $1 }
		END { if (NR) print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# The processors that this process may use, one a line.
processors() {
	local first last
	sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status | tr ',' '\n' |
		while IFS=- read -r first last; do
			seq "$first" "${last:-$first}"
		done
}

# Lanes do independent work side by side, each pinned to a processor of its own: the processes of
# one run pass a token, which is five times as slow across processors, and where two runs share one
# Linux may let one of them wait for long. A pipe has the numbers of the processors that are free.
# A single lane has all processors.
lanes() {
	local pipe good
	pipe=$(mktemp -u)
	mkfifo "$pipe"
	good=$(mktemp)
	exec 7<>"$pipe" 8>>"$good" 9<"$good"
	rm "$pipe" "$good"
	if (($1 > 1)); then
		processors | head -n "$1" >&7
	else
		processors | paste -sd , >&7
	fi
	lanes_begun=0
}

# in_lane COMMAND… waits for a free lane and goes on while the command runs there.
in_lane() {
	local cpu
	read -r -u 7 cpu
	(
		taskset -pc "$cpu" "$BASHPID" >/dev/null
		trap '[ $? != 0 ] || echo >&8
			echo "$cpu" >&7' EXIT
		# What exits in there leaves the pipe open here.
		("$@") 7>&- 8>&- 9<&- </dev/null
	) &
	lanes_begun=$((lanes_begun + 1))
}

# Waits for all lanes; fails if one of their commands has failed. Of many hundreds two may have had the same
# pid, and the shell knows the later one only: so each that was good says so itself.
lanes_done() {
	local lanes_to_end=$lanes_begun
	wait
	lanes_begun=0
	(($(wc -l <&9) == lanes_to_end))
}

# Targets with processes that we do not control: those that deal with ptrace, libcompel and criu.
external_targets() {
	local so
	for so in "$repo"/harness/build/targets/*.so; do
		"$repo/harness/build/executor" --describe "$so" | jq -r 'select(.external) | .name'
	done
}

# The number of runs of a campaign is in the last line of its progress.
runs_of() {
	tr '\r' '\n' <"$1" | grep -oE '[0-9][0-9,]* runs( |$)' | tail -n 1 | tr -d ', runs' || echo 0
}

commits() {
	git -C "$repo" rev-list --count HEAD 2>/dev/null || echo 0
}

# The comment at the head of the script that runs.
usage() {
	awk 'NR > 3 && !/^#/ { exit } NR > 3 { sub(/^# ?/, ""); print }' "$0" >&2
	exit 2
}
