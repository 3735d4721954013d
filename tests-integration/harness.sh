# Sourced by the scripts here: builds what they run if need be, and sets checkout, JAVA and classpath. $1: what is built, for people.
checkout=$(dirname "$module")
. "$checkout/bin/launch.sh"
find_distribution "$checkout/bin"
find_java

dependencies=$module/target/torture.classpath
stamp=$module/target/torture.built

tests_need_build() {
  [ ! -f "$dependencies" ] || [ ! -f "$stamp" ] \
    || [ -n "$(find "$module/src" "$module/pom.xml" "$PEERLINK_HOME/lib/.built" -newer "$stamp" -type f 2> /dev/null | head -n 1)" ]
}

if { [ -z "${PEERLINK_NO_BUILD:-}" ] || [ ! -f "$dependencies" ]; } && tests_need_build; then
  echo "Building the $1 ..." >&2
  mkdir -p "$module/target"
  begun=$(mktemp "$module/target/torture.begun.XXXXXX")
  if ! mvn -q -B -f "$checkout/pom.xml" -Dchecks.skip=true -pl tests-integration -am process-test-classes \
    > "$module/target/torture-build.log" 2>&1 < /dev/null; then
    echo "error: the build failed; the end of $module/target/torture-build.log:" >&2
    tail -n 20 "$module/target/torture-build.log" >&2
    rm -f "$begun"
    exit 1
  fi
  # What is edited while the build runs counts as newer.
  mv "$begun" "$stamp"
fi
classpath=$module/target/test-classes:$(cat "$dependencies")
