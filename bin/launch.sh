# Shared by the start scripts: finds the distribution (builds it in a fresh checkout) and Java. Sourced, not run.
# shellcheck shell=bash

# Sets PEERLINK_HOME to the directory that holds lib/ and conf/. $1: directory of the calling script, links resolved.
find_distribution() {
  if [ -d "$1/../lib" ]; then
    PEERLINK_HOME=$(cd "$1/.." && pwd)
    return
  fi
  CHECKOUT=$(cd "$1/.." && pwd)
  PEERLINK_HOME=$CHECKOUT/bin/target/dist
  if [ -n "${PEERLINK_NO_BUILD:-}" ] && [ -d "$PEERLINK_HOME/lib" ]; then
    return
  fi
  if needs_build; then
    mkdir -p "$CHECKOUT/target"
    (
      # One build at a time; who waited finds it done.
      if command -v flock > /dev/null; then flock 9; else lock_directory "$CHECKOUT/target/build.lock.d"; fi
      if needs_build; then build; fi
    ) 9> "$CHECKOUT/target/build.lock" || exit 1
  fi
}

# Where flock is missing (macOS): making a directory is atomic too. Held until the calling subshell ends.
lock_directory() {
  for _ in $(seq 600); do
    if mkdir "$1" 2> /dev/null; then
      lock=$1
      trap 'rmdir "$lock"' EXIT
      trap 'exit 1' INT TERM
      return
    fi
    sleep 1
  done
  echo "error: another build has held $1 for ten minutes" >&2
  echo "hint: if none is running, a build was killed: remove that directory" >&2
  exit 1
}

# Maven stamps lib/.built with the build's start, so an edit made meanwhile counts as newer.
needs_build() {
  [ ! -f "$PEERLINK_HOME/lib/.built" ] \
    || [ -n "$(find "$CHECKOUT"/*/src/main "$CHECKOUT"/*/pom.xml "$CHECKOUT/pom.xml" "$CHECKOUT/conf" \
      -newer "$PEERLINK_HOME/lib/.built" -type f 2> /dev/null | head -n 1)" ]
}

build() {
  log=$CHECKOUT/target/build.log
  if ! command -v mvn > /dev/null; then
    echo "error: PeerLink is not built yet and Maven (mvn) is not on the PATH" >&2
    echo "hint: install Maven 3.8.7 or newer, or use a packaged distribution" >&2
    return 1
  fi
  echo "Building PeerLink (first use or changed sources; the very first time takes a few minutes) ..." >&2
  if ! mvn -q -B -f "$CHECKOUT/pom.xml" -Dquick -pl bin -am package > "$log" 2>&1 < /dev/null; then
    echo "error: the build failed; the end of $log:" >&2
    tail -n 20 "$log" >&2
    return 1
  fi
}

# Sets JAVA to a Java 17 or newer.
find_java() {
  JAVA=java
  if [ -n "${JAVA_HOME:-}" ]; then
    JAVA=$JAVA_HOME/bin/java
  fi
  if ! version=$("$JAVA" -version 2>&1); then
    echo "error: Java was not found${JAVA_HOME:+ in JAVA_HOME ($JAVA_HOME)}" >&2
    echo "hint: install a JDK 17 or newer and put it on the PATH, or set JAVA_HOME" >&2
    exit 1
  fi
  major=$(printf '%s\n' "$version" | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  if [ -z "$major" ] || [ "$major" -lt 17 ]; then
    echo "error: $JAVA is too old: $(printf '%s\n' "$version" | head -n 1)" >&2
    echo "hint: PeerLink needs Java 17 or newer; set JAVA_HOME to one" >&2
    exit 1
  fi
}

# Options of a jvm.options file, without comments, one word each.
jvm_options() {
  sed -e 's/#.*//' "$1" | tr -s '[:space:]' '\n' | sed '/^$/d'
}

# Sets CLASSES, an option for the JVM: the archive of classes that the build made for this command, if there is one.
find_classes() {
  CLASSES=-Xshare:auto
  if [ -f "$PEERLINK_HOME/lib/$1.jsa" ]; then
    CLASSES=-XX:SharedArchiveFile=$PEERLINK_HOME/lib/$1.jsa
  fi
}
