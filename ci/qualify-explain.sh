# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # settings are those of ci/qualify, which sources this
#
# The units of ci/qualify that ask what a user has of a finding.

# ---- explain: "ok|FAILED|late target variant failed events forced switches seconds named wanted", where forced
# switches are events, too; late is what did not fail often enough, while there was time, to decide anything

readonly causes=$repo/src/test/resources/dev/cryofuzz/explain/causes.txt

explain_bug() {
	local target=$1 variant=$2 memory=$3 title=$4 scenario wanted told result=FAILED code=0 begun
	wanted=$(located "$target" "$(sed -n "s#^$target/$variant | ##p" "$causes")")
	scenario=$(reproducer_of "$target" "$variant" "$memory" "$title")
	told=$(mktemp "$work/told.XXXX")
	begun=$(now)
	# Most take a second; one that hangs for some seconds in each of its runs needs its time.
	[ -z "$scenario" ] || timeout 120 "$repo/cryofuzz" explain --json --budget 30s "$scenario" \
		>"$told" 2>"$told.err" </dev/null || code=$?
	[ -s "$told" ] || echo '{}' >"$told"
	if ((code == 0)) && names "$wanted" "$told"; then
		result=ok
	elif is_late "$code" "$told"; then
		result=late
	fi
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%.1f\t%s\t%s\n' "$result" "$target" "$variant" \
		"$(jq -r '["\(.baseline.failed)/\(.baseline.runs)", .events] | @tsv' "$told")" \
		"$(jq '[.events[] | select(.do == "switch" or .do == "delay")] | length' "${scenario:-/dev/null}")" \
		"$(jq '.switches' "$told")" \
		"$(awk -v from="$begun" -v to="$(now)" 'BEGIN { print to - from }')" \
		"$(jq -r "$named"' named | join("; ")' "$told")" "${wanted:-no row in ${causes##*/}}"
}

# is_late CODE FILE: time was over (124), or too few failures came in it: a cause must miss ten of them.
is_late() {
	(($1 == 124)) || jq -e '.baseline.failed | . != null and . < 10' "$2" >/dev/null
}

# shellcheck disable=SC2016 # jq's variables
readonly named='def named: [(.interventions[]? | select(.shows == "cause")), .cures[]? | .intervention];'

# names WANTED FILE: one of the causes is, or begins with, each part of the wanted one.
names() {
	# shellcheck disable=SC2016 # jq's variables
	[ -n "$1" ] && jq -e --arg wanted "$1" "$named"'
		def is($cause): split(" and ") as $parts | ($cause | split(" and ")) as $others
			| ($parts | length) == ($others | length)
			and all($parts[]; . as $part | any($others[]; startswith($part)));
		named as $named | all($wanted | split(" with ")[];
			any(split(" or ")[]; . as $one | any($named[]; . as $cause | $one | is($cause))))' "$2" >/dev/null
}

# What part found has left, or one of the corpus, or a new one.
reproducer_of() {
	local left=$state/reproducers/$1/$2-$first_seed.json
	[ -e "$left" ] || ! from_corpus "$1" "$2" "$4" | grep . || return 0
	[ -e "$left" ] || find_bug "$@" "$first_seed" >/dev/null
	[ ! -e "$left" ] || echo "$left"
}

# That with the fewest events.
from_corpus() {
	# shellcheck disable=SC2016 # jq's variables
	jq -r --arg variant "$2" --arg title "$3" 'select(.variant == $variant and .expect == $title)
		| [(.events | length), input_filename] | @tsv' "$repo/corpus/$1"/*.json 2>/dev/null |
		sort -n | head -n 1 | cut -f 2
}

# With the numbers of the lines that have the words between « and ».
located() {
	local target=$1 text=$2 words file
	while [[ $text == *«*»* ]]; do
		words=${text#*«}
		words=${words%%»*}
		file=${text%%:«*}
		file=$(source_of "$target" "${file##* }")
		text=${text%%«*}$(grep -nF -m 1 -e "$words" "$file" | cut -d : -f 1)${text#*»}
	done
	echo "$text"
}

source_of() {
	local folder=$repo/harness/targets
	[ ! -e "$folder/$1/$2" ] || folder=$folder/$1
	echo "$folder/$2"
}

table_explain() {
	local lines fit
	lines=$(units_of explain)
	printf '%-12s %-22s %9s %6s %6s %8s %6s  %s\n' target variant fails events forced switches s named
	sort <<<"$lines" | awk -F '\t' '{ printf "%-12s %-22s %9s %6s %6s %8s %6s  %s\n", $2, $3, $4, $5, $6, $7,
		$8, $1 == "ok" ? $9 : ($1 == "late" ? "not decided, its time was over: " : "FAILED: ") $9 \
			" (wanted: " $10 ")" }'
	printf 'named %s of %s, %s not decided in time\n' "$(grep -c '^ok' <<<"$lines")" \
		"$(wc -l <<<"$lines")" "$(grep -c '^late' <<<"$lines" || true)"
	row_sizes 'all of them' <<<"$lines"
	fit=$(grep -f <(fit_targets | sed 's/.*/\t&\t/') <<<"$lines" || true)
	[ -z "$fit" ] || row_sizes 'on fibers' <<<"$fit"
}

row_sizes() {
	local lines
	lines=$(cat)
	[ -n "$lines" ] || return 0
	printf '%s: median of events %s (at most 3 wanted), of switches by events %s (at most 2), of all %s\n' \
		"$1" "$(column_of 5 <<<"$lines" | median)" "$(column_of 6 <<<"$lines" | median)" \
		"$(column_of 7 <<<"$lines" | median)"
}

# ---- incidents: "ok|FAILED seconds title command"

# The table of README.md: "command title", with a tab between.
incidents() {
	# shellcheck disable=SC2016 # Markdown's quotes
	sed -nE 's/^\| .* \| `(\.\/cryofuzz (fuzz|replay) [^`]*)` \| `([^`]*)` \|$/\1\t\3/p' "$repo/README.md"
}

from_command_to_bundle() {
	local command=$1 title=$2 out result=FAILED begun seconds
	out=$(mktemp -d "$work/incident.XXXX")
	begun=$(now)
	# A campaign would go on for ever; a scenario of the corpus is small already, and no finding.
	if [[ $command = *' fuzz '* ]]; then
		typed "$command --first --out $out/findings" "$out/log"
		bundle "$(finding_titled "$out/findings" "$title")" "$out/log"
	else
		typed "$command" "$out/log"
	fi
	seconds=$(awk -v from="$begun" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }')
	! grep -qF "$title" "$out/log" || ((${seconds%.*} >= 60)) || result=ok
	printf '%s\t%s\t%s\t%s\n' "$result" "$seconds" "$title" "$command"
}

# Its exit code says that there is a finding, or as in the file that there is one.
typed() {
	(cd "$repo" && timeout 300 bash -c "$1") >"$2" 2>&1 </dev/null || true
}

# Without one the log says nothing of the title.
bundle() {
	if [ -z "$1" ] || ! "$repo/cryofuzz" bundle "$1" --out "$1.tar.gz" >>"$2" 2>&1 </dev/null; then
		echo 'no bundle' >"$2"
	fi
}

table_incidents() {
	printf '%-7s %7s  %-32s %s\n' result s title command
	units_of incidents | awk -F '\t' '{ printf "%-7s %7s  %-32s %s\n", $1, $2, $3, $4 }'
}
