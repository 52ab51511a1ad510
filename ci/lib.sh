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

# The comment at the head of the script that runs.
usage() {
	awk 'NR > 3 && !/^#/ { exit } NR > 3 { sub(/^# ?/, ""); print }' "$0" >&2
	exit 2
}
