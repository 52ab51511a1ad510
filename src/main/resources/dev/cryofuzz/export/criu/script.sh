set -eu
CRIU=${CRIU:-criu}
case $CRIU in */*) CRIU=$(readlink -f "$CRIU") ;; esac

# The first complaint in criu's log is the one that others follow from; without the right to raise
# limits it goes on.
refused() {
	words="criu $1 exits with $2: $(grep 'Error (' "/run/images/$1.log" |
		grep -v RLIMIT_NOFILE | head -n 1)"
	if [ -n "$refuses" ]; then
		echo "FAILED $title: $words"
		exit 1
	fi
	echo "can't be tried: $words"
	exit 2
}

# A criu that hangs is ended after a minute, with 124 as its status.
patiently() {
	timeout --foreground --kill-after=5 60 "$@"
}

dump_and_restore() {
	# shellcheck disable=SC2086 # it may be nothing
	patiently "$CRIU" dump -v4 -D /run/images -o dump.log -t "$tree" --file-locks $leave_running ||
		refused dump $?
	[ -z "$leave_running" ] || return 0
	wait "$tree" || :
	patiently "$CRIU" restore -v4 -D /run/images -o restore.log -d --file-locks || refused restore $?
}

# In namespaces of its own, whose process 1 reaps: a pid is free again when criu wants it.
inside() {
	mount -t tmpfs none /run
	mkdir /run/tree /run/images
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
	[ "$minds" = 0 ] && checkpoint=
	minds=0
fi
[ "$(id -u)" = 0 ] || {
	echo "can't be tried: needs root"
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources "$work"
(cd "$work" && ${CC:-cc} -D_GNU_SOURCE -O1 -static -o tree tree.c parts/*.c && ${CC:-cc} -D_GNU_SOURCE -O1 -static -o ask ask.c) || {
	echo "can't be tried: needs a compiler and a static libc"
	exit 2
}
export CRIU work minds checkpoint
code=0
unshare -m -p -i -n -u -f --kill-child --mount-proc -- "$work/ask" init sh "$0" inside || code=$?
exit "$code"
