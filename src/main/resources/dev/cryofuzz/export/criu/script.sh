set -eu
CRIU=${CRIU:-criu}
case $CRIU in */*) CRIU=$(readlink -f "$CRIU") ;; esac

# The first complaint in criu's log is the one that others follow from; without the right to raise
# limits it goes on.
says() {
	words="criu $1 exits with $2: $(grep 'Error (' "/run/images/$1.log" |
		grep -v RLIMIT_NOFILE | head -n 1)"
}

fails() {
	echo "FAILED $title: $1"
	exit 1
}

refused() {
	says "$@"
	[ -z "$refuses" ] || fails "$words"
	echo "can't be tried: $words"
	exit 2
}

# A criu to which something is done may end with an error, but not in any way.
ended() {
	[ -n "$fault$failing" ] || refused "$@"
	says "$@"
	more=$(($(wc -l <"/proc/$tree/maps" || echo 0) - mappings))
	case $title in
	"hang in "*) case $2 in 124 | 137) fails "$words" ;; esac ;;
	"crash in criu."*) [ "$2" -le 128 ] || fails "$words" ;;
	"leak in "*) [ "$more" -le 0 ] || fails "$words; $more mappings of it are left in process $tree" ;;
	esac
	echo "does not fail: $words"
	exit 0
}

# A criu that hangs is ended after a minute, with 124 as its status, or 137.
patiently() {
	timeout --foreground --kill-after=5 60 "$@"
}

# criu DUMP-OR-RESTORE ARGUMENTS…
call_criu() {
	if [ -n "$failing" ] && [ "$failing_in" = "$1" ]; then
		patiently strace -o /dev/null -e "inject=$failing" "$CRIU" "$@"
	else
		patiently "$CRIU" "$@"
	fi
}

# Of what the kernel can do it learns once.
learn() {
	"$CRIU" check >/dev/null 2>&1 || :
}

dump_and_restore() {
	mappings=$(wc -l <"/proc/$tree/maps")
	[ -z "$fault" ] || export CRIU_FAULT="$fault"
	# shellcheck disable=SC2086 # it may be nothing
	call_criu dump -v4 -D /run/images -o dump.log -t "$tree" --file-locks $leave_running ||
		ended dump $?
	unset CRIU_FAULT
	[ -z "$leave_running" ] || return 0
	wait "$tree" || :
	call_criu restore -v4 -D /run/images -o restore.log -d --file-locks || ended restore $?
}

# In namespaces of its own, whose process 1 reaps: a pid is free again when criu wants it.
inside() {
	mount -t tmpfs none /run
	mkdir /run/tree /run/images
	[ -z "$failing" ] || learn
	"$work/ask" begin "$minds"
	"$work/ask" start "$work/tree" &
	tree=$!
	"$work/ask" ready the-tree
	[ -z "$checkpoint" ] || dump_and_restore
	"$work/ask" look "$title" "$tree"
}

if [ "${1-}" = inside ]; then
	inside
	exit
fi
if [ "${1-}" = control ]; then
	[ "$minds" = 0 ] && [ -z "$fault$failing" ] && checkpoint=
	minds=0 fault='' failing=''
fi
[ "$(id -u)" = 0 ] || {
	echo "can't be tried: needs root"
	exit 2
}
[ -z "$failing" ] || command -v strace >/dev/null || {
	echo "can't be tried: needs strace"
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources "$work"
(cd "$work" && ${CC:-cc} -D_GNU_SOURCE -O1 -static -o tree tree.c parts/*.c && ${CC:-cc} -D_GNU_SOURCE -O1 -static -o ask ask.c) || {
	echo "can't be tried: needs a compiler and a static libc"
	exit 2
}
export CRIU work minds checkpoint fault failing
code=0
unshare -m -p -i -n -u -f --kill-child --mount-proc -- "$work/ask" init sh "$0" inside || code=$?
exit "$code"
