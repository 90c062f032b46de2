package io.selvedge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The simulated office: days pass in seconds; people come and go, and the fan is its own. */
final class SimulatedOffice implements Scenario {

  private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z"); // a Monday
  private static final Duration LEARN = Duration.ofDays(7);
  private static final Duration JUDGE = Duration.ofDays(7);
  private static final int SPEED = 40_000;

  private Instant judgedFrom = BEGIN.plus(LEARN);

  @Override
  public String title() {
    return "a simulated office, a week passes in a quarter of a minute";
  }

  @Override
  public void configure(Path conf) {
    // The shipped flow fits as it is.
  }

  @Override
  public void begin(Path conf) throws IOException {
    resume(conf);
  }

  @Override
  public void judge(Path conf, Instant liveAt) {
    judgedFrom = liveAt.plus(Duration.ofMinutes(1));
  }

  @Override
  public void pause(Path conf) throws IOException {
    Files.deleteIfExists(device(conf));
  }

  @Override
  public void resume(Path conf) throws IOException {
    Files.writeString(
        device(conf),
        String.join(
            "\n",
            "device.id=office",
            "start=" + BEGIN,
            "sample=PT1M",
            "speed=" + SPEED,
            "seed=1",
            "interval.ms=100",
            ""));
  }

  private static Path device(Path conf) {
    return conf.resolve("io.selvedge.driver.simulated-office.cfg");
  }

  @Override
  public long trainingRows() {
    return LEARN.toMinutes();
  }

  @Override
  public Instant trainingFrom() {
    return BEGIN;
  }

  @Override
  public Instant trainingTo() {
    return BEGIN.plus(LEARN);
  }

  @Override
  public long judgedRows() {
    return JUDGE.toMinutes() - 1;
  }

  @Override
  public Instant judgedFrom() {
    return judgedFrom;
  }

  @Override
  public Instant judgedTo() {
    return judgedFrom.plus(JUDGE);
  }

  @Override
  public String fanDevice() {
    return "office";
  }

  @Override
  public double leastBalancedAccuracy() {
    return 0.80;
  }
}
