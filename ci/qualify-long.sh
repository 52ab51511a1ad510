# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # settings are those of ci/qualify, which sources this
#
# The units of ci/qualify that take their time, each prints one line, and the tables made of these.

# ---- runs: "ok|FAILED target variant memory strategy seconds runs what"

many_runs() {
	local target=$1 variant=$2 memory=$3 strategy=$4 seed=$5 out code=0 result=ok
	out=$(mktemp -d "$work/runs.XXXX")
	timeout $((runs_seconds + 120)) "$repo/cryofuzz" fuzz --corpus "$work/empty" --target "$target" \
		--variant "$variant" --memory "$memory" --strategy "$strategy" --seed "$seed" \
		--time "${runs_seconds}s" --out "$out" >"$out/log" 2>&1 </dev/null || code=$?
	# The machine's fault tells nothing: it is to be done again.
	((code != 3)) || { tail -n 3 "$out/log" >&2 && return 1; }
	[ "$code" = 0 ] || result=FAILED
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$result" "$target" "$variant" "$memory" "$strategy" \
		"$runs_seconds" "$(runs_of "$out/log")" \
		"exit $code $(sed -n 's/^FOUND //p' "$out/log" | head -n 1)"
	rm -rf "$out"
}

units_of() {
	[ ! -d "$state/$1" ] || find "$state/$1" -type f ! -name '*.new' ! -name '*.samples' | sort | xargs -r cat
}

runs_made() {
	units_of runs | awk -F '\t' '{ n += $7 } END { printf "%.0f\n", n }'
}

table_runs() {
	printf '%-14s %-6s %14s %10s %10s  %s\n' target memory runs seconds runs/s strategies
	units_of runs | awk -F '\t' '
		{ key = sprintf("%-14s %-6s", $2, $4); runs[key] += $7; seconds[key] += $6; all += $7 }
		!index(" " how[key] " ", " " $5 " ") { how[key] = how[key] " " $5 }
		$1 != "ok" { failed[key] = failed[key] "  FAILED: " $3 " " $5 ": " $8 }
		END {
			for (key in runs)
				printf "%s %14.0f %10d %10.0f %s%s\n", key, runs[key], seconds[key],
					runs[key] / seconds[key], how[key], failed[key]
		}' | sort
	awk -v all="$(runs_made)" -v wanted="$wanted_runs" 'BEGIN {
		printf "%.0f runs of the %.0f wanted%s\n", all, wanted, all < wanted ? "  FAILED" : "" }'
}

# ---- memory: "ok|FAILED what role before-kB after-kB bound-kB processes seconds runs end resident-kB"

readonly samples=20

# kB between the medians of the second and the last quarter of the time that are no leak; the first quarter
# is warm-up. The executor makes the runs, a hundred thousand a second: a byte of a hundred of them would
# show. libFuzzer keeps what is new in the worker, and the code of a JVM is compiled bit by bit.
growth_of() {
	[ "$1" = executor ] && echo 1024 || echo 16384
}

# The tool is the JVM at the top; below it is the worker, and below that the executor, whose children
# come and go.
role_of() {
	local pid=$1 top=$2 parent
	parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null)
	if [ "$pid" = "$top" ]; then
		echo tool
	elif [ -n "$(jvms_of "$pid")" ]; then
		echo worker
	elif [ -n "$parent" ] && [ -n "$(jvms_of "$parent")" ]; then
		echo executor
	fi
}

# What is resident of a process, without the addresses from $2 to $3, which have 16 digits.
resident_kb() {
	awk -v from="$2" -v to="$3" '
		function wide(digits) { return substr("0000000000000000", length(digits) + 1) digits }
		/^[0-9a-f]+-[0-9a-f]+ / { split($1, at, "-"); counts = wide(at[1]) < from || wide(at[1]) >= to }
		$1 == "Rss:" && counts { sum += $2 }
		END { print sum + 0 }' "/proc/$1/smaps" 2>/dev/null
}

# A JVM fills its heap before it cleans up, and keeps the pages. What it needs is what a collection leaves
# there, and what is resident outside. What is resident in all is looked at by itself: see judge_sizes.
jvm_kb() {
	local info live from to
	info=$(timeout 60 jcmd "$1" -f <(printf 'GC.run\nGC.heap_info\n'))
	live=$(sed -n 's/.* generation .* used \([0-9]*\)K .*/\1/p' <<<"$info" | paste -sd +)
	from=$(sed -n 's/.*new generation .*\[0x\([0-9a-f]*\),.*/\1/p' <<<"$info")
	to=$(sed -n 's/.*tenured generation .* 0x\([0-9a-f]*\))$/\1/p' <<<"$info")
	echo $((live + $(resident_kb "$1" "$from" "$to")))
}

# A line "sample role pid kB resident-kB" for each of them.
weigh() {
	local sample=$1 top=$2 pid role size
	while read -r pid; do
		role=$(role_of "$pid" "$top")
		case $role in
		executor) size=$(resident_kb "$pid" z z) ;;
		tool | worker) size=$(jvm_kb "$pid") ;;
		*) continue ;;
		esac
		kill -0 "$pid" 2>/dev/null || continue # only half of it has been read
		printf '%s\t%s\t%s\t%s\t%s\n' "$sample" "$role" "$pid" "$size" "$(resident_kb "$pid" z z)"
	done < <(tree_of "$top")
}

stay_small() {
	local what=$1 out code=0 top i weighed campaign pids begun
	shift
	weighed=$state/memory/$what.samples
	out=$(mktemp -d "$work/memory.XXXX")
	timeout $((memory_minutes * 60 + 120)) "$repo/cryofuzz" fuzz --corpus "$work/empty" --seed 1 \
		--time "${memory_minutes}m" --out "$out" "$@" >"$out/log" 2>&1 </dev/null &
	campaign=$!
	wait_for_worker "$campaign" || fail 3 "the campaign has not begun in time"
	mapfile -t pids < <(tree_of "$campaign")
	top=$(jvms_of "${pids[@]}" | head -n 1)
	: >"$weighed"
	for ((i = 0, begun = SECONDS; i < samples; i++)); do
		weigh "$i" "$top" >>"$weighed"
		while ((SECONDS - begun < (i + 1) * memory_minutes * 60 / samples)); do
			sleep 0.5
		done
	done
	wait "$campaign" || code=$?
	judge_sizes "$what" "$code" "$(runs_of "$out/log")" "$weighed" \
		"exit $code$(sed -n 's/^FOUND /, /p' "$out/log" | head -n 1)"
	rm -rf "$out"
}

judge_sizes() {
	local what=$1 code=$2 runs=$3 weighed=$4 end=$5 role before after processes result growth
	for role in tool worker executor; do
		growth=$(growth_of "$role")
		before=$(quarter "$role" 1 4 "$weighed")
		after=$(quarter "$role" 3 4 "$weighed")
		processes=$(awk -v role="$role" '$2 == role { print $3 }' "$weighed" | sort -u | wc -l)
		result=ok
		# A new process begins small again.
		((code == 0 && processes == 1 && after - before <= growth)) &&
			stays_resident "$role" "$weighed" || result=FAILED
		printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$result" "$what" "$role" \
			"$before" "$after" "$growth" "$processes" "$((memory_minutes * 60))" "$runs" "$end" \
			"$(quarter "$role" 1 5 "$weighed") to $(quarter "$role" 3 5 "$weighed")"
	done
}

# Whoever looks at it with ps sees no more than a tenth of growth either.
stays_resident() {
	local before after
	before=$(quarter "$1" 1 5 "$2")
	after=$(quarter "$1" 3 5 "$2")
	((after <= before + before / 10))
}

# quarter ROLE N COLUMN FILE: the median of the sizes in that quarter of the time, counted from 0
quarter() {
	awk -v role="$1" -v n="$2" -v column="$3" -v all="$samples" \
		'$2 == role && int($1 * 4 / all) == n { print $column }' "$4" | median | awk '
		{ printf "%d\n", $1; seen = 1 } END { if (!seen) print -1 }'
}

table_memory() {
	printf '%-12s %-10s %10s %10s %10s %18s %8s %14s  %s\n' what process 'before kB' 'after kB' \
		'may grow' 'resident kB' seconds runs result
	units_of memory | awk -F '\t' '{ printf "%-12s %-10s %10s %10s %10s %18s %8s %14s  %s\n", $2, $3, $4, $5,
		$6, $11, $8, $9, $1 == "ok" ? "ok" : "FAILED: " $10 ", processes: " $7 }'
}

# ---- calls: "ok|FAILED tree runs what"

readonly call_kinds=13 calls_each=31

# Trees of criu's, by params.
trees() {
	cat <<-'TREES'
		seed=1
		mappings=5
		thread=2 child=2
		code=6 way=1
		way=2
		rounds=2 ipc=3
		runs-on=1 child=3 files=4
		sockets=5 ends=5 pipe=2
		counters=4 timers=2 signals=2
		code=10 child=1
		process=2 thread=4 mappings=3
		process=5 place=5
		sparse=2
	TREES
}

# failing_calls TREE FOLDER: a scenario of good criu for each call that a param can name, which fails.
failing_calls() {
	local params restore kind nth
	params=$(sed 's/\([a-z-]*\)=\([0-9]*\)/, "\1": \2/g' <<<"$1")
	for restore in 0 1; do
		for ((kind = 0; kind < call_kinds; kind++)); do
			for ((nth = 1; nth <= calls_each; nth++)); do
				printf '{ "cryofuzz": 1, "target": "criu", "variant": "real", "memory": "sc",
"params": { "hurt": %d, "calls": %d, "fails-at": %d%s }, "events": [] }\n' \
					"$restore" "$kind" "$nth" "$params" \
					>"$2/$restore-$kind-$nth.json"
			done
		done
	done
}

fail_each_call() {
	local tree=$1 out result=ok code=0
	out=$(mktemp -d "$work/calls.XXXX")
	mkdir "$out/scenarios"
	failing_calls "$tree" "$out/scenarios"
	timeout 1800 "$repo/cryofuzz" replay --strict --as-expected "$out/scenarios" >"$out/log" 2>&1 \
		</dev/null || code=$?
	((code != 3)) || { tail -n 3 "$out/log" >&2 && return 1; }
	[ "$code" = 0 ] || result=FAILED
	printf '%s\t%s\t%s\t%s\n' "$result" "$tree" "$(grep -c '^PASS\|^FAIL' "$out/log")" \
		"$(awk '/^FAIL/ { sub(/.*\//, "", $2); file = $2 } /^  actual/ { sub(/^ *actual */, ""); print file ": " $0 }' \
			"$out/log" | paste -sd ';')"
	rm -rf "$out"
}

table_calls() {
	printf '%-36s %6s\n' "tree of criu's, each call of which fails once" runs
	units_of calls | awk -F '\t' '{ printf "%-36s %15d%s\n", $2, $3, $1 == "ok" ? "" : "  FAILED: " $4 }'
}
