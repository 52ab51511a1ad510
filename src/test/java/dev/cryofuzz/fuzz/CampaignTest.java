package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.fuzz.WorkerLink.Ending;
import dev.cryofuzz.scenario.MemoryModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CampaignTest {
  private static final Job FULL =
      new Job(Descriptions.QUEUE, Descriptions.QUEUE.variant("full"), MemoryModel.WEAK);
  private static final Job BAD =
      new Job(Descriptions.QUEUE, Descriptions.QUEUE.variant("no-barrier"), MemoryModel.WEAK);

  /** A clock that moves only while somebody waits. */
  private static final class Jump implements Pace {
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void pause(Duration duration) {
      nanos += duration.toNanos();
    }
  }

  /** A worker that does 10 runs each time it is looked at, and ends as it is told. */
  private static class ScriptedWorker implements WorkerLink {
    private final Optional<Ending> ending;
    private final int looksUntilEnd;
    private final List<Sighting> news;
    private int looks;
    private boolean closed;

    ScriptedWorker(int looksUntilEnd, Ending ending, Sighting... news) {
      this.looksUntilEnd = looksUntilEnd;
      this.ending = Optional.ofNullable(ending);
      this.news = new ArrayList<>(List.of(news));
    }

    @Override
    public Progress progress() {
      return new Progress(10L * looks, 0, 0, 0, 1, 2);
    }

    @Override
    public List<Sighting> news() {
      List<Sighting> all = List.copyOf(news);
      news.clear();
      return all;
    }

    @Override
    public Optional<Ending> ending() {
      looks++;
      return looks >= looksUntilEnd ? ending : Optional.empty();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final Jump pace = new Jump();
  private final Deque<ScriptedWorker> script = new ArrayDeque<>();
  private final List<ScriptedWorker> started = new ArrayList<>();
  private final List<String> log = new ArrayList<>();

  private Workers workers() {
    return (job, seed, runs) -> {
      assertThat(started).allMatch(worker -> worker.closed);
      ScriptedWorker worker =
          script.isEmpty() ? new ScriptedWorker(Integer.MAX_VALUE, null) : script.pop();
      started.add(worker);
      log.add(job.variant().name() + " seed " + seed + " runs " + runs);
      return worker;
    };
  }

  private Campaign campaign(Duration time, long runs, Job... jobs) {
    CampaignPlan plan =
        new CampaignPlan(
            List.of(jobs),
            Optional.ofNullable(time),
            runs,
            5,
            List.of(),
            true,
            true,
            Strategy.NONE);
    return new Campaign(
        plan,
        workers(),
        new CampaignWatcher() {
          @Override
          public void started(Job job) {}

          @Override
          public void sighted(Job job, Sighting sighting) {
            log.add("sighted " + sighting.run());
          }

          @Override
          public void died(Job job, String evidence) {
            log.add(job.variant().name() + " died: " + evidence);
          }

          @Override
          public void failed(Job job, String reason) {
            log.add(job.variant().name() + " failed: " + reason);
          }

          @Override
          public void tick(Job job, Duration elapsed, Progress total) {}
        },
        pace);
  }

  @Test
  void timeIsShared() throws Exception {
    Campaign campaign = campaign(Duration.ofSeconds(10), 0, FULL, BAD);
    campaign.run();
    assertThat(log).containsExactly("full seed 5 runs 0", "no-barrier seed 6 runs 0");
    assertThat(campaign.elapsed()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
    assertThat(started).allMatch(worker -> worker.looks >= 50).allMatch(worker -> worker.closed);
    assertThat(campaign.progress().runs()).isBetween(1000L, 1010L);
  }

  @Test
  void whatOneJobLeavesTheNextOneGets() throws Exception {
    script.add(new ScriptedWorker(10, new Ending.Done()));
    campaign(Duration.ofSeconds(10), 0, FULL, BAD).run();
    assertThat(started.get(1).looks).isGreaterThanOrEqualTo(89);
  }

  @Test
  void runsAreSharedAndEndTheCampaign() throws Exception {
    script.add(new ScriptedWorker(3, new Ending.Done()));
    script.add(new ScriptedWorker(3, new Ending.Done()));
    campaign(null, 100, FULL, BAD).run();
    assertThat(log).containsExactly("full seed 5 runs 50", "no-barrier seed 6 runs 50");
  }

  @Test
  void withoutALimitJobsTakeTurnsUntilStopped() throws Exception {
    Campaign[] campaign = new Campaign[1];
    script.add(new ScriptedWorker(Integer.MAX_VALUE, null));
    script.add(new ScriptedWorker(Integer.MAX_VALUE, null));
    script.add(
        new ScriptedWorker(Integer.MAX_VALUE, null) {
          @Override
          public Optional<Ending> ending() {
            campaign[0].stop();
            return super.ending();
          }
        });
    campaign[0] = campaign(null, 0, FULL, BAD);
    campaign[0].run();
    assertThat(log)
        .containsExactly("full seed 5 runs 0", "no-barrier seed 6 runs 0", "full seed 5 runs 0");
    assertThat(started).allMatch(worker -> worker.closed);
  }

  @Test
  void whatIsSeenAtTheVeryEndIsNotLost() throws Exception {
    script.add(
        new ScriptedWorker(1, new Ending.Done()) {
          private boolean written;

          @Override
          public List<Sighting> news() {
            boolean late = !written && super.closed;
            written |= late;
            return late ? List.of(new Sighting(Path.of("x"), 9, 1, false)) : List.of();
          }
        });
    campaign(null, 10, FULL).run();
    assertThat(log).endsWith("sighted 9");
  }

  @Test
  void aWorkerThatDiesIsReplacedWithAnotherSeed() throws Exception {
    script.add(
        new ScriptedWorker(
            1, new Ending.Died("signal 9"), new Sighting(Path.of("x"), 3, 1, false)));
    script.add(new ScriptedWorker(2, new Ending.Done()));
    campaign(null, 10, FULL).run();
    assertThat(log)
        .containsExactly(
            "full seed 5 runs 10", "sighted 3", "full died: signal 9", "full seed 1005 runs 10");
  }

  @Test
  void theNextOneGetsTheTimeThatIsLeft() throws Exception {
    script.add(new ScriptedWorker(70, new Ending.Died("signal 9")));
    Campaign campaign = campaign(Duration.ofSeconds(10), 0, FULL);
    campaign.run();
    assertThat(started.get(1).looks).isBetween(29, 33);
    assertThat(campaign.elapsed()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
  }

  @Test
  void oneThatKeepsDyingIsGivenUp() throws Exception {
    for (int i = 0; i < 4; i++) {
      script.add(new ScriptedWorker(1, new Ending.Died("signal 9")));
    }
    campaign(Duration.ofSeconds(60), 0, FULL).run();
    assertThat(started).hasSize(4);
    assertThat(log).endsWith("full failed: signal 9");
  }

  @Test
  void timeBeginsWithTheFirstRun() throws Exception {
    script.add(
        new ScriptedWorker(Integer.MAX_VALUE, null) {
          @Override
          public Progress progress() {
            return super.looks < 40 ? Progress.NONE : super.progress();
          }
        });
    Campaign campaign = campaign(Duration.ofSeconds(10), 0, FULL);
    campaign.run();
    assertThat(campaign.elapsed()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(15));
  }

  @Test
  void oneThatNeverRunsIsGivenUp() throws Exception {
    script.add(
        new ScriptedWorker(Integer.MAX_VALUE, null) {
          @Override
          public Progress progress() {
            return Progress.NONE;
          }
        });
    campaign(Duration.ofSeconds(1), 0, FULL).run();
    assertThat(log).endsWith("full failed: no run within 60 s");
  }

  @Test
  void oneThatGaveUpIsNotTriedAgainButTheOthersAre() throws Exception {
    script.add(new ScriptedWorker(1, new Ending.GaveUp("no memory")));
    campaign(Duration.ofSeconds(1), 0, FULL, BAD).run();
    assertThat(log)
        .containsExactly(
            "full seed 5 runs 0", "full failed: no memory", "no-barrier seed 6 runs 0");
  }
}
