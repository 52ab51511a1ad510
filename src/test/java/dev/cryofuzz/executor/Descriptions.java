package dev.cryofuzz.executor;

import static java.util.stream.Collectors.joining;

import dev.cryofuzz.target.TargetDescription;
import java.util.stream.Stream;

/** Targets for tests that need no process. */
public final class Descriptions {
  static final String QUEUE_JSON =
      """
          { "cryofuzz": 1, "name": "queue", "summary": "a queue", "build": "0123456789abcdef",
            "shared": 4096, "external": false, "survives": false, "fibers": true, "perProcessor": false, "alarms": false, "unsupported": null,
            "roles": [ {"name":"writer","count":"writers"}, {"name":"reader","count":null} ],
            "params": [
              {"name":"writers","min":1,"max":4,"default":1,"what":"how many write"},
              {"name":"messages","min":1,"max":9,"default":3,"what":"how many each writes"} ],
            "variants": [
              {"name":"full","what":"good","memory":"sc","expect":null,"breaks":null,"faults":false},
              {"name":"no-barrier","what":"bad","memory":"weak",
               "expect":"stale-read in queue.pop","breaks":null,"faults":false} ],
            "keeps": [], "outcomes": [], "facts": [], "loads": [],
            "fields": [ {"name":"cmd","offset":0,"size":4}, {"name":"ack","offset":4,"size":4} ],
            "channels": [ {"name":"rpc","a":"writer","b":"reader"} ] }
      """;

  /** Writers are scheduled before the reader, against the order of their names. */
  public static final TargetDescription QUEUE = TargetDescription.parse(QUEUE_JSON);

  /** A queue that keeps its memory, which no-barrier breaks, and other things. */
  public static TargetDescription queueThatKeeps(String... others) {
    String keeps = "\"memory\"" + Stream.of(others).map(",\"%s\""::formatted).collect(joining());
    return TargetDescription.parse(
        QUEUE_JSON
            .replace("\"keeps\": []", "\"keeps\": [" + keeps + "]")
            .replace("pop\",\"breaks\":null", "pop\",\"breaks\":\"memory\""));
  }

  /** A queue that depends on which processor each of its actors is on. */
  public static TargetDescription queuePerProcessor() {
    return TargetDescription.parse(
        QUEUE_JSON.replace("\"perProcessor\": false", "\"perProcessor\": true"));
  }

  /** A queue whose writers set alarms. */
  public static TargetDescription queueWithAlarms() {
    return TargetDescription.parse(QUEUE_JSON.replace("\"alarms\": false", "\"alarms\": true"));
  }

  /** A queue whose writers talk to processes that nobody controls. */
  public static TargetDescription externalQueue() {
    return TargetDescription.parse(QUEUE_JSON.replace("\"external\": false", "\"external\": true"));
  }

  /** A queue that can't run here. */
  public static TargetDescription queueOfAnotherMachine(String reason) {
    return TargetDescription.parse(
        QUEUE_JSON.replace("\"unsupported\": null", "\"unsupported\": \"" + reason + "\""));
  }

  private Descriptions() {}
}
