# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # settings are those of ci/qualify, which sources this
#
# The units of ci/qualify, each prints one line, and the tables made of these lines.

readonly executor=$repo/harness/build/executor
readonly targets=$repo/harness/build/targets

# The one folder below $1 that has a finding.
finding_of() {
	find "$1" -mindepth 2 -maxdepth 2 -name finding.json -not -path '*/.*' -printf '%h\n' | head -n 1
}

# The one with that title, if there is one.
finding_titled() {
	local folder
	find "$1" -mindepth 2 -maxdepth 2 -name finding.json -not -path '*/.*' -printf '%h\n' |
		while read -r folder; do
			! jq -e --arg title "$2" '.title == $title' "$folder/finding.json" >/dev/null || echo "$folder"
		done | head -n 1
}

# ---- found: "ok|FAILED seconds run before after minimal replayed what seed", where `any` is the seed of what
# every campaign begins with

# --faults, if a bug shows only with them, or if a good variant promises to survive them.
faults_of() {
	"$executor" --describe "$targets/$1.so" | jq -r --arg variant "$2" '
		.survives as $survives | .variants[] | select(.name == $variant)
		| select(if .expect then .faults else $survives end) | "--faults"'
}

find_bug() {
	local target=$1 variant=$2 memory=$3 title=$4 seed=$5 out code=0 folder also
	mapfile -t also < <(faults_of "$target" "$variant")
	[[ $title != data-race* ]] || also+=(--with races)
	out=$(mktemp -d "$work/found.XXXX")
	# After its time a finding may still be minimized.
	timeout $((find_seconds + 120)) "$repo/cryofuzz" fuzz --corpus "$work/empty" --target "$target" \
		--variant "$variant" --memory "$memory" --seed "$seed" --time "${find_seconds}s" --first --no-explain \
		--out "$out" "${also[@]}" >"$out/log" 2>&1 </dev/null || code=$?
	folder=$(finding_titled "$out" "$title")
	[ -n "$folder" ] || folder=$(finding_of "$out")
	if ((code != 1)) || [ -z "$folder" ]; then
		printf 'FAILED\t-\t-\t-\t-\tno\t0\t%s\n' "exit $code, no finding"
		return
	fi
	mkdir -p "$state/reproducers/$target"
	cp "$folder/scenario.json" "$state/reproducers/$target/$variant-$seed.json"
	judge_finding "$folder" "$title"
}

judge_finding() {
	local folder=$1 title=$2 result=ok what minimal replayed
	what=$(jq -r .title "$folder/finding.json")
	minimal=$(is_minimal "$folder/scenario.json")
	replayed=$(replayed_alike "$folder/scenario.json")
	[ "$what" = "$title" ] && [ "$minimal" = yes ] && [ "$replayed" = "$replays" ] || result=FAILED
	jq -r --arg result "$result" --arg minimal "$minimal" --arg replayed "$replayed" '
		[$result, (.discovered.milliseconds // 0) / 1000, .discovered.run // 0, .events.original,
			.events.minimized, $minimal, $replayed, .title,
			(if .discovered.opening then "any" else .discovered.seed end)] | @tsv' "$folder/finding.json"
}

# Without any one of its events the scenario does not fail in the same way, whether the others are
# found again by their points or by their sites.
is_minimal() {
	local scenario=$1 events smaller i key
	events=$(jq '.events | length' "$scenario")
	((events)) || { echo yes && return; }
	smaller=$(mktemp -d "$work/smaller.XXXX")
	for ((i = 0; i < events; i++)); do
		for key in nothing build; do
			jq "del(.events[$i], .$key)" "$scenario" >"$smaller/$i-$key.json"
		done
	done
	# its exit code says that not all is as expected, which is what we want
	{ timeout 120 "$repo/cryofuzz" replay --as-expected "$smaller" 2>&1 </dev/null || true; } |
		grep -qx "0 passed, $((2 * events)) failed" && echo yes || echo no
}

is_external() {
	"$executor" --describe "$targets/$1.so" | jq -e .external >/dev/null
}

# How many of the replays did what they should, if all had one trace hash.
replayed_alike() {
	local trace='[0-9a-f]{16}'
	# What an uncontrolled process does in between is not ours to repeat: there the title counts.
	! is_external "$(jq -r .target "$1")" || trace='([0-9a-f]{16}|[0-9]+ different)'
	# its exit code says no more than that number
	{ timeout 900 "$repo/cryofuzz" replay --as-expected --times "$replays" "$1" 2>&1 </dev/null || true; } |
		sed -nE "/^ *trace +$trace, [0-9]+\/[0-9]+ as expected/s#.*, ([0-9]+)/.*#\\1#p" | grep . || echo 0
}

table_found() {
	local folder
	printf '%-12s %-22s %7s %5s %9s %7s %9s %7s %9s %9s\n' target variant found seed 'median s' 'max s' \
		'runs' events minimal replayed
	for folder in "$state"/found/*/*/; do
		[ -d "$folder" ] || continue
		cat "$folder"/[0-9]* | row_found "$folder"
	done
}

row_found() {
	local variant=${1%/} lines
	lines=$(cat)
	printf '%-12s %-22s %7s %5s %9s %7s %9s %7s %9s %9s%s\n' \
		"$(basename "${variant%/*}")" "${variant##*/}" \
		"$(awk '$1 == "ok"' <<<"$lines" | wc -l)/$(wc -l <<<"$lines")" \
		"$(column_of 9 <<<"$lines" | grep -vqx any && echo each || echo any)" \
		"$(column_of 2 <<<"$lines" | median)" "$(column_of 2 <<<"$lines" | sort -g | tail -n 1)" \
		"$(column_of 3 <<<"$lines" | median)" "$(column_of 5 <<<"$lines" | median)" \
		"$(column_of 6 <<<"$lines" | grep -cx yes)/$(wc -l <<<"$lines")" \
		"$(column_of 7 <<<"$lines" | awk '{ n += $1 } END { print n + 0 }')" \
		"$(sed -n 's/^FAILED.*/  FAILED/p' <<<"$lines" | head -n 1)"
}

# How large what was found from an empty corpus is, of each target and of all: events, and those of
# them that force a switch.
table_sizes() {
	local lines target
	lines=$(sizes)
	[ -n "$lines" ] || return 0
	printf '\n%-12s %8s %10s %13s %11s %13s %11s\n' target variants findings 'median events' 'most events' \
		'median forced' 'most forced'
	while read -r target; do
		awk -F '\t' -v target="$target" '$1 == target' <<<"$lines" | row_of_sizes "$target"
	done < <(cut -f 1 <<<"$lines" | sort -u)
	row_of_sizes 'all of them' <<<"$lines"
	# A sample's median may be anything.
	((share == 1)) && [ -z "$only_target$only_variant" ] || return 0
	within 'events' 3 3 <<<"$lines"
	within 'switches by events' 4 2 <<<"$lines"
}

# "target variant events forced switches" of each reproducer.
sizes() {
	local file
	for file in "$state"/reproducers/*/*.json; do
		[ ! -e "$file" ] || jq -r '[.target, .variant, (.events | length),
			([.events[] | select(.do == "switch" or .do == "delay")] | length)] | @tsv' "$file"
	done
}

row_of_sizes() {
	local lines
	lines=$(cat)
	printf '%-12s %8s %10s %13s %11s %13s %11s\n' "$1" "$(cut -f 1,2 <<<"$lines" | sort -u | wc -l)" \
		"$(wc -l <<<"$lines")" "$(column_of 3 <<<"$lines" | median)" \
		"$(column_of 3 <<<"$lines" | sort -n | tail -n 1)" "$(column_of 4 <<<"$lines" | median)" \
		"$(column_of 4 <<<"$lines" | sort -n | tail -n 1)"
}

# within NAME COLUMN MOST
within() {
	column_of "$2" | median | awk -v name="$1" -v most="$3" '{
		printf "median of %s %s, at most %d wanted%s\n", name, $1, most, ($1 > most ? "  FAILED" : "") }'
}

column_of() {
	awk -F '\t' -v column="$1" '$column != "-" { print $column }'
}

# ---- clean: "ok|FAILED target variant memory seconds runs what"

stay_clean() {
	local target=$1 variant=$2 memory=weak out code=0 result=ok faults
	mapfile -t faults < <(faults_of "$target" "$variant")
	out=$(mktemp -d "$work/clean.XXXX")
	timeout $((clean_seconds + 60)) "$repo/cryofuzz" fuzz --corpus "$work/empty" --target "$target" \
		--variant "$variant" --memory "$memory" --seed 1 --time "${clean_seconds}s" "${faults[@]}" \
		--out "$out" >"$out/log" 2>&1 </dev/null || code=$?
	[ "$code" = 0 ] || result=FAILED
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$result" "$target" "$variant" "$memory" \
		"$clean_seconds" "$(runs_of "$out/log")" "exit $code $(sed -n 's/^FOUND //p' "$out/log" | head -n 1)"
}

table_clean() {
	printf '%-12s %-22s %-6s %8s %12s  %s\n' target variant memory seconds runs result
	find "$state/clean" -type f ! -name '*.new' | sort | xargs cat |
		awk -F '\t' '{ printf "%-12s %-22s %-6s %8s %12s  %s\n", $2, $3, $4, $5, $6,
			$1 == "ok" ? "ok" : "FAILED: " $7 }'
}

# ---- killed: "ok|FAILED processes left, broken files, replayed, kills"

# kill -9 in mid-campaign: of the parent JVM (the launcher has become it), in even rounds of its
# worker too.
survive_kill() {
	local seed=$1 out left broken replayed result=ok pids
	out=$(mktemp -d "$work/killed.XXXX")
	"$repo/cryofuzz" fuzz --corpus "$work/empty" --target queue --variant no-barrier --memory weak \
		--seed "$seed" --time 60s --out "$out" >"$out/log" 2>&1 </dev/null &
	wait_for_finding "$out" || fail 3 "the campaign found nothing to kill it with"
	mapfile -t pids < <(tree_of $!)
	if ((seed % 2)); then
		kill -9 "${pids[0]}"
	else
		kill_jvms "${pids[@]}"
	fi
	wait "${pids[0]}" 2>/dev/null || true
	left=$(wait_gone "${pids[@]}")
	broken=$(broken_files "$out")
	replayed=$(replayed_alike "$(finding_of "$out")/scenario.json")
	[ "$left" = 0 ] && [ "$broken" = 0 ] && [ "$replayed" = "$replays" ] || result=FAILED
	printf '%s\t%s\t%s\t%s\t%s\t1\n' "$result" "${#pids[@]}" "$left" "$broken" "$replayed"
}

# kill -9 of whoever there is below the JVMs, again and again, in a campaign that freezes, stops and
# checkpoints; it goes on meanwhile. At last of the JVMs.
survive_kills() {
	local seed=$1 out top kills=0 pid pids left broken runs result=ok
	local -A born=()
	out=$(mktemp -d "$work/killed.XXXX")
	"$repo/cryofuzz" fuzz --corpus "$work/empty" --target queue --variant full --freeze --checkpoint \
		--seed "$seed" --time 300s --out "$out" >"$out/log" 2>&1 </dev/null &
	top=$!
	RANDOM=$seed
	wait_for_worker "$top" || fail 3 "the campaign has not begun in time"
	while ((kills < kills_each)) && kill -0 "$top" 2>/dev/null; do
		sleep "0.$((RANDOM % 6))"
		mapfile -t pids < <(tree_of "$top")
		for pid in "${pids[@]}"; do
			born[$pid]=$(birth_of "$pid")
		done
		! kill_below "${pids[@]}" || kills=$((kills + 1))
	done
	runs=$(runs_of "$out/log")
	sleep 15 # it says every ten seconds how far it is
	[ "$(runs_of "$out/log")" != "$runs" ] || result=FAILED
	mapfile -t pids < <(tree_of "$top")
	kill_jvms "${pids[@]}"
	wait "$top" 2>/dev/null || true
	mapfile -t pids < <(for pid in "${!born[@]}"; do
		[ -z "${born[$pid]}" ] || [ "$(birth_of "$pid")" != "${born[$pid]}" ] || echo "$pid"
	done)
	left=$(($(wait_gone "${pids[@]}") + $(groups_of "${!born[@]}")))
	broken=$(broken_files "$out")
	[ "$left" = 0 ] && [ "$broken" = 0 ] && [ "$kills" = "$kills_each" ] || result=FAILED
	printf '%s\t%s\t%s\t%s\t-\t%s\n' "$result" "${#born[@]}" "$left" "$broken" "$kills"
}

# Until the launcher has become a JVM and has another one below it.
wait_for_worker() {
	local i pids
	for ((i = 0; i < 600; i++)); do
		mapfile -t pids < <(tree_of "$1")
		(($(jvms_of "${pids[@]}" | wc -l) < 2)) || return 0
		sleep 0.1
	done
	return 1
}

jvms_of() {
	local pid
	for pid; do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" != java ] || echo "$pid"
	done
}

# When it was born: a pid may have another process by now.
birth_of() {
	local stat fields
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
	read -ra fields <<<"${stat##*) }"
	echo "${fields[19]}"
}

# One of them that is no JVM.
kill_below() {
	local pid below=()
	for pid; do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = java ] || below+=("$pid")
	done
	((${#below[@]})) && kill -9 "${below[RANDOM % ${#below[@]}]}" 2>/dev/null
}

# How many of them have left a freezer cgroup.
groups_of() {
	local pid left=0
	for pid; do
		[ -z "$(compgen -G "/sys/fs/cgroup/*/cryofuzz-stop-$pid-*")" ] || left=$((left + 1))
	done
	echo "$left"
}

wait_for_finding() {
	local i
	for ((i = 0; i < 600; i++)); do
		[ -z "$(finding_of "$1")" ] || return 0
		sleep 0.1
	done
	return 1
}

# A process and all that descend from it.
tree_of() {
	local child
	echo "$1"
	while read -r child; do
		tree_of "$child"
	done < <(cat /proc/"$1"/task/*/children 2>/dev/null | tr ' ' '\n' | grep . || true)
}

kill_jvms() {
	local pid
	for pid in $(jvms_of "$@"); do
		kill -9 "$pid" || true
	done
}

# How many are still there after five seconds. Zombies are gone: their reaper is another's business.
wait_gone() {
	local i pid left=0
	for ((i = 0; i < 50; i++)); do
		left=0
		for pid; do
			! grep -qs '^State:.[^Z]' "/proc/$pid/status" || left=$((left + 1))
		done
		((left)) || break
		sleep 0.1
	done
	echo "$left"
}

# Files with a name of their own that are not whole.
broken_files() {
	local file broken=0
	while read -r file; do
		jq -e . "$file" >/dev/null 2>&1 || broken=$((broken + 1))
	done < <(find "$1" -name '*.json' -not -path '*/.*')
	echo "$broken"
}

table_killed() {
	printf '%-12s %10s %6s %13s %10s %6s  %s\n' round processes left 'broken files' replayed kills result
	local file
	for file in "$state"/killed/*[0-9]; do
		awk -F '\t' -v round="${file##*/}" '{ printf "%-12s %10s %6s %13s %10s %6s  %s\n", round, $2,
			$3, $4, $5, $6, $1 }' "$file"
	done
}

# ---- carriers: "ok|FAILED target what it said"

compare_carriers() {
	local target=$1 said result=ok
	said=$(cd "$repo/harness/build" && timeout 900 ./tests/fibers -n "$scenarios" "targets/$target" 2>&1) ||
		result=FAILED
	printf '%s\t%s\t%s\n' "$result" "$target" "$(tail -n 1 <<<"$said")"
}

table_carriers() {
	printf '%-12s %-7s %s\n' target result ''
	find "$state/carriers" -type f ! -name '*.new' | sort | xargs cat |
		awk -F '\t' '{ printf "%-12s %-7s %s\n", $2, $1, $3 }'
}

# ---- guidance: "runs found"

count_runs() {
	local feedback=$1 seed=$2 out folder options=()
	out=$(mktemp -d "$work/guidance.XXXX")
	[ "$feedback" = on ] || options=(--no-feedback)
	timeout $((guidance_seconds + 60)) "$repo/cryofuzz" fuzz --corpus "$work/empty" --target mailbox \
		--variant two-step --memory sc --seed "$seed" --time "${guidance_seconds}s" \
		--strategy none --first --no-explain --out "$out" "${options[@]}" >"$out/log" 2>&1 </dev/null || true
	folder=$(finding_of "$out")
	if [ -n "$folder" ]; then
		printf '%s\tfound\n' "$(jq .discovered.run "$folder/finding.json")"
	else
		printf '%s\tnot found\n' "$(runs_of "$out/log")"
	fi
}

# Those that were not found count with the runs that were made: the ratio is then a lower bound.
table_guidance() {
	local on off
	on=$(cat "$state"/guidance/on/[0-9]* | column_of 1 | median)
	off=$(cat "$state"/guidance/off/[0-9]* | column_of 1 | median)
	printf '%-10s %8s %14s\n' feedback found 'median runs'
	printf '%-10s %8s %14s\n' on "$(found_of on)" "$on" off "$(found_of off)" "$off"
	awk -v on="$on" -v off="$off" 'BEGIN {
		printf "with feedback 1/%.1f of the runs (at most 1/5 wanted)%s\n", off / on,
			off / on < 5 ? "  FAILED" : "" }'
}

found_of() {
	echo "$(cat "$state/guidance/$1"/[0-9]* | grep -c 'found$' || true)/$seeds"
}

# ---- strategies: a table of its own

compare_strategies() {
	(cd "$repo/harness/build" &&
		timeout 3000 ./tests/first_failures -n "$((seeds < 4 ? 4 : seeds))" "$first_seed" 2>&1) ||
		echo "FAILED"
}
