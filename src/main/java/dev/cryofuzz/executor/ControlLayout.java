package dev.cryofuzz.executor;

/**
 * Every offset of the control block, as harness/include/control.h lays it out (a test compiles that
 * header and compares). Little endian, natural alignment.
 *
 * <pre>
 *   0x00000  header     magic 8 | layout 4 | size 4
 *   0x00040  mailbox    request 4 | reply 4 | kind 4 | ready 4 | executor_pid 4 | cpu 4
 *                       - 4 | runs 4 | strategy 2 | aim 2 | budget 4 | seed 8
 *                       complete 4 | schedules 4 | exhausted 4 | by 4 | length 8 | points 8
 *   0x000c0  plan       variant 4 | memory 4 | flags 4 | budget 4 | params 32*4 | events 4
 *                       carrier 4
 *            +192       event 64 * 32:
 *                         op 1 | actor 1 | by_site 1 | added 1 | point 4 | site 4 | nth 4
 *                         arg 4 | - 4 | value 8
 *   0x01000  result     outcome 4 | kind 4 | actor 4 | site_id 4 | site 64 | detail 256
 *            +336       hash 8 | pc 8 | points 4 | switches 4 | commits 4 | unseen 4
 *            +368       steps 4 | actors 4 | unannounced 4 | - 4
 *            +384       actor_result 8 * 112:
 *                         state 4 | points 4 | site 4 | pid 4 | waits 96
 *            +1280      fired 64 * 16:
 *                         fate 1 | - 3 | point 4 | site 4 | nth 4
 *            +2304      unannounced_pc 16 * 8
 *            +2432      share 8 * 8, one for each strategy: runs 4 | news 4
 *            +2496      outcome_text 96 | listed 4
 *   0x02000  feedback   4096 counters of a byte
 *   0x03000  ledger     of the target, not ours
 *   0x04000  trace      ring of 16384 * 32:
 *                         actor 1 | op 1 | flags 1 | size 1 | point 2 | site 2
 *                         address 8 | value 8 | extra 8
 *   0x84000  text       16384 bytes: what the target says about its finding
 *   0x88000  outcomes   seen 4 | complete 4 | covered 8 | runs 8 | others 8 | exhausted 4 | impossible 4
 *            +40        entry 64 * 2424:
 *                         text 96 | site 64 | kind 4 | site_id 4 | listed 4 | - 4 | runs 8
 *                         plan 2240, as above
 *   0xb0000  private    to executor and actors
 * </pre>
 */
final class ControlLayout {
  static final long MAGIC = 0x7a66796f72796301L;
  static final int LAYOUT = 11;

  static final long SEGMENT_ADDRESS = 0x200000000000L;

  static final int MAX_ACTORS = 8;
  static final int MAX_PARAMS = 32;
  static final int MAX_EVENTS = 64;

  static final int HEADER_MAGIC = 0;
  static final int HEADER_LAYOUT = 8;
  static final int HEADER_SIZE = 12;

  static final int MAILBOX = 0x40;
  static final int MAILBOX_SIZE = 128;
  static final int REQUEST = MAILBOX;
  static final int REPLY = MAILBOX + 4;
  static final int REQUEST_KIND = MAILBOX + 8;
  static final int READY = MAILBOX + 12;
  static final int EXECUTOR_PID = MAILBOX + 16;
  static final int CPU = MAILBOX + 20;
  static final int RUNS = MAILBOX + 28;
  static final int STRATEGY = MAILBOX + 32;
  static final int BURST_BUDGET = MAILBOX + 36;
  static final int SEED = MAILBOX + 40;
  static final int COMPLETE = MAILBOX + 48;
  static final int SCHEDULES = MAILBOX + 52;
  static final int EXHAUSTED = MAILBOX + 56;
  static final int BY = MAILBOX + 60;
  static final int SQUARES = MAILBOX + 64;
  static final int POINTS = MAILBOX + 72;

  static final int REQUEST_RUN = 1;
  static final int REQUEST_FRESH = 2;
  static final int REQUEST_QUIT = 3;
  static final int REQUEST_EXPLORE = 4;
  static final int REQUEST_COLLECT = 5;
  static final int REQUEST_COLLECT_ON = 6;
  static final int REQUEST_NATIVE = 7;
  static final int REQUEST_NATIVE_ON = 8;
  static final int NO_CPU = -1;

  static final int PLAN = 0xc0;
  static final int PLAN_VARIANT = PLAN;
  static final int PLAN_MEMORY = PLAN + 4;
  static final int PLAN_FLAGS = PLAN + 8;
  static final int PLAN_BUDGET = PLAN + 12;
  static final int PLAN_PARAMS = PLAN + 16;
  static final int PLAN_EVENTS = PLAN + 144;
  static final int PLAN_CARRIER = PLAN + 148;
  static final int PLAN_WITHOUT = PLAN + 152;
  static final int PLAN_ORDERED = PLAN + 156;
  static final int PLAN_ORDER = PLAN + 160;
  static final int PLAN_EVENT = PLAN + 192;

  static final int PLAN_FEEDBACK = 1;
  static final int PLAN_AUDIT = 2;
  static final int PLAN_RACES = 4;
  static final int PLAN_TEARING = 8;
  static final int PLAN_UNORDERED_LOADS = 16;
  static final int PLAN_NEW_ONLY = 32;
  static final int PLAN_SCHEDULING = 64;

  static final int EVENT_SIZE = 32;
  static final int EVENT_OP = 0;
  static final int EVENT_ACTOR = 1;
  static final int EVENT_BY_SITE = 2;
  static final int EVENT_ADDED = 3;
  static final int EVENT_POINT = 4;
  static final int EVENT_SITE = 8;
  static final int EVENT_NTH = 12;
  static final int EVENT_ARG = 16;
  static final int EVENT_VALUE = 24;

  static final int RESULT = 0x1000;
  static final int RESULT_OUTCOME = RESULT;
  static final int RESULT_KIND = RESULT + 4;
  static final int RESULT_ACTOR = RESULT + 8;
  static final int RESULT_SITE_ID = RESULT + 12;
  static final int RESULT_SITE = RESULT + 16;
  static final int SITE_BYTES = 64;
  static final int RESULT_DETAIL = RESULT + 80;
  static final int DETAIL_BYTES = 256;
  static final int RESULT_HASH = RESULT + 336;
  static final int RESULT_PC = RESULT + 344;
  static final int RESULT_POINTS = RESULT + 352;
  static final int RESULT_SWITCHES = RESULT + 356;
  static final int RESULT_COMMITS = RESULT + 360;
  static final int RESULT_UNSEEN = RESULT + 364;
  static final int RESULT_STEPS = RESULT + 368;
  static final int RESULT_ACTORS = RESULT + 372;
  static final int RESULT_UNANNOUNCED = RESULT + 376;
  static final int RESULT_ACTOR_RESULT = RESULT + 384;
  static final int RESULT_FIRED = RESULT + 1280;
  static final int RESULT_UNANNOUNCED_PC = RESULT + 2304;
  static final int MAX_UNANNOUNCED = 16;
  static final int RESULT_SHARE = RESULT + 2432;
  static final int RESULT_OUTCOME_TEXT = RESULT + 2496;
  static final int OUTCOME_BYTES = 96;
  static final int RESULT_LISTED = RESULT + 2592;
  static final int RESULT_TOLD = RESULT + 2596;

  static final int OUTCOME_PASSED = 1;
  static final int OUTCOME_VIOLATED = 2;
  static final int OUTCOME_UNSUPPORTED = 3;
  static final int OUTCOME_BROKEN = 4;

  static final int ACTOR_RESULT_SIZE = 112;
  static final int ACTOR_STATE = 0;
  static final int ACTOR_POINTS = 4;
  static final int ACTOR_SITE = 8;
  static final int ACTOR_PID = 12;
  static final int ACTOR_WAITS = 16;
  static final int WAITS_BYTES = 96;

  static final int FIRED_SIZE = 16;
  static final int FIRED_FATE = 0;
  static final int FIRED_POINT = 4;
  static final int FIRED_SITE = 8;
  static final int FIRED_NTH = 12;

  static final int FEEDBACK = 0x2000;
  static final int FEEDBACK_SIZE = 4096;

  static final int TRACE = 0x4000;
  static final int TRACE_STEPS = 16384;
  static final int STEP_SIZE = 32;
  static final int STEP_ACTOR = 0;
  static final int STEP_OP = 1;
  static final int STEP_FLAGS = 2;
  static final int STEP_SIZE_OF_ACCESS = 3;
  static final int STEP_POINT = 4;
  static final int STEP_SITE = 6;
  static final int STEP_ADDRESS = 8;
  static final int STEP_VALUE = 16;
  static final int STEP_EXTRA = 24;

  static final int TEXT = TRACE + TRACE_STEPS * STEP_SIZE;
  static final int TEXT_BYTES = 16384;

  static final int OUTCOMES = TEXT + TEXT_BYTES;
  static final int OUTCOMES_SEEN = OUTCOMES;
  static final int OUTCOMES_COMPLETE = OUTCOMES + 4;
  static final int OUTCOMES_COVERED = OUTCOMES + 8;
  static final int OUTCOMES_RUNS = OUTCOMES + 16;
  static final int OUTCOMES_OTHERS = OUTCOMES + 24;
  static final int OUTCOMES_EXHAUSTED = OUTCOMES + 32;
  static final int OUTCOMES_IMPOSSIBLE = OUTCOMES + 36;
  static final int OUTCOMES_ENTRY = OUTCOMES + 40;
  static final int OUTCOMES_SIZE = 0x28000;

  static final int SEEN_SIZE = 2488;
  static final int SEEN_TEXT = 0;
  static final int SEEN_SITE = 96;
  static final int SEEN_KIND = 160;
  static final int SEEN_SITE_ID = 164;
  static final int SEEN_LISTED = 168;
  static final int SEEN_RUNS = 176;
  static final int SEEN_FACTS = 184;
  static final int MAX_FACTS = 16;
  static final int SEEN_PLAN = 248;

  static final int SCHEDULING = OUTCOMES + OUTCOMES_SIZE;
  static final int SCHEDULING_SOURCE = SCHEDULING;
  static final int SCHEDULING_PERIODS = SCHEDULING + 4;
  static final int SCHEDULING_MORE = SCHEDULING + 8;
  static final int SCHEDULING_LOST = SCHEDULING + 12;
  static final int SCHEDULING_WHY = SCHEDULING + 16;
  static final int SCHEDULING_SUM = SCHEDULING + 272;
  static final int SCHEDULING_ENTRY = SCHEDULING + 528;
  static final int SCHEDULING_SIZE = 0x6000;

  static final int SUM_SIZE = 32;
  static final int SUM_WAIT = 0;
  static final int SUM_DELAY = 8;
  static final int SUM_RUN = 16;
  static final int SUM_PERIODS = 24;
  static final int SUM_PID = 28;

  static final int PERIOD_SIZE = 40;
  static final int PERIOD_AT = 0;
  static final int PERIOD_WAIT = 8;
  static final int PERIOD_DELAY = 16;
  static final int PERIOD_RUN = 24;
  static final int PERIOD_ACTOR = 32;
  static final int PERIOD_CPU = 34;
  static final int PERIOD_STATE = 36;
  static final int MAX_PERIODS = 512;

  static final int CONTROL_SIZE = SCHEDULING + SCHEDULING_SIZE + 0x400000;

  private ControlLayout() {}

  static int event(int index) {
    return PLAN_EVENT + index * EVENT_SIZE;
  }

  static int fired(int index) {
    return RESULT_FIRED + index * FIRED_SIZE;
  }

  static int seen(int index) {
    return OUTCOMES_ENTRY + index * SEEN_SIZE;
  }

  static int sum(int actor) {
    return SCHEDULING_SUM + actor * SUM_SIZE;
  }

  static int period(int index) {
    return SCHEDULING_ENTRY + index * PERIOD_SIZE;
  }

  static int actorResult(int index) {
    return RESULT_ACTOR_RESULT + index * ACTOR_RESULT_SIZE;
  }

  /** Runs, then those of them that were news. */
  static int share(Strategy strategy) {
    return RESULT_SHARE + strategy.number() * 8;
  }

  static int step(long index) {
    return TRACE + (int) (index % TRACE_STEPS) * STEP_SIZE;
  }
}
