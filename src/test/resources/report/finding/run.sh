#!/bin/sh
# Replays this finding with the cryofuzz, or the cryofuzz.jar, that is named:
#
#   CRYOFUZZ=/path/to/cryofuzz ./run.sh
#
# Expected: stale-read in queue.pop
# The exit code is that of replay: 1 if it fails, 5 if it does not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${CRYOFUZZ-}" ]; then
  echo "where is cryofuzz? type: CRYOFUZZ=/path/to/cryofuzz $0 $*" >&2
  exit 2
fi
case $CRYOFUZZ in
*.jar) exec java -jar "$CRYOFUZZ" replay "$@" "$here/scenario.json" ;;
*) exec "$CRYOFUZZ" replay "$@" "$here/scenario.json" ;;
esac
