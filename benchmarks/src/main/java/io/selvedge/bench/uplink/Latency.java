package io.selvedge.bench.uplink;

import io.selvedge.bench.Figures;
import io.selvedge.bench.ProcessFacts;
import io.selvedge.bench.Sample;
import java.util.Locale;

/** How long a reading takes to the broker's acknowledgement, at an even rate. */
final class Latency {

  private static final int PER_SECOND = 1000;
  private static final int SECONDS = 10;
  private static final int WARM_UP_SECONDS = 2;

  private final Figures figures;
  private final ProcessFacts gateway;
  private final SourceControl control;
  private final Relay relay;

  Latency(Figures figures, ProcessFacts gateway, SourceControl control, Relay relay) {
    this.figures = figures;
    this.gateway = gateway;
    this.control = control;
    this.relay = relay;
  }

  void measure(Configuration configuration) throws Exception {
    for (int millis : new int[] {Configuration.COMMIT_MILLIS, 10, 0}) {
      String before = control.connection();
      configuration.commitInterval(relay.port(), millis);
      control.awaitConnection(before);
      measure("source", "commit after " + millis + " ms");
      if (millis == Configuration.COMMIT_MILLIS) {
        measure("urgent", "priority 0");
      }
    }
  }

  private void measure(String device, String name) throws Exception {
    figures.progress("latency, " + name);
    control.run(device, PER_SECOND * WARM_UP_SECONDS, 1, PER_SECOND);
    relay.take();
    double cpu = gateway.cpuSeconds();
    double seconds = control.run(device, PER_SECOND * SECONDS, 1, PER_SECOND);
    double share = (gateway.cpuSeconds() - cpu) / seconds;
    Sample millis = Sample.of(relay.take());
    figures.tell(
        "reading to acknowledged, p50, " + name,
        millis.median(),
        "ms",
        String.format(
            Locale.ROOT,
            "%,d readings at %,d/s; gateway at %.0f %% of a core",
            PER_SECOND * SECONDS,
            PER_SECOND,
            share * 100));
    figures.tell("reading to acknowledged, p99, " + name, millis.percentile(0.99), "ms", "");
    figures.tell("reading to acknowledged, p99.9, " + name, millis.percentile(0.999), "ms", "");
  }
}
