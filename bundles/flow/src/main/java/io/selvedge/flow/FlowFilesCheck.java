package io.selvedge.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Ready once every file of {@code conf/flows} has been looked at, for ten seconds at most. Names
 * those that do not run as they are: refused, or not read because the engine is not there.
 */
@Component(
    service = HealthCheck.class,
    property = {"hc.name=flows", "hc.tags=ready"})
public final class FlowFilesCheck implements HealthCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path directory;
  private final LongSupplier nanos;
  private final long begin;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable FlowFiles files;

  @Activate
  public FlowFilesCheck(BundleContext context) {
    this(Path.of(context.getProperty("selvedge.conf"), "flows"), System::nanoTime);
  }

  FlowFilesCheck(Path directory, LongSupplier nanos) {
    this.directory = directory;
    this.nanos = nanos;
    begin = nanos.getAsLong();
  }

  /** For tests: what declarative services would set. */
  void filesAre(FlowFiles now) {
    files = now;
  }

  @Override
  public Result execute() {
    Optional<FlowFiles> reader = Optional.ofNullable(files);
    Map<String, String> refused = reader.map(FlowFiles::refused).orElse(Map.of());
    Map<String, String> unread = new TreeMap<>();
    Set<String> all;
    try {
      all = all();
    } catch (IOException e) {
      return new Result(Result.Status.WARN, "[" + directory + "] cannot be listed: " + e);
    }
    for (String file : all) {
      if (reader.isEmpty()) {
        unread.put(file, "is not read, because the flow engine is not there; see the log");
      } else if (!reader.get().knows(file)) {
        unread.put(file, "is not read yet");
      }
    }
    if (refused.isEmpty() && unread.isEmpty()) {
      return new Result(Result.Status.OK, "flow files read: " + all);
    }
    boolean starting = nanos.getAsLong() - begin < PATIENCE.toNanos();
    Map<String, String> wrong = new TreeMap<>(unread);
    wrong.putAll(refused);
    return new Result(
        starting && !unread.isEmpty() ? Result.Status.TEMPORARILY_UNAVAILABLE : Result.Status.WARN,
        wrong.entrySet().stream()
            .map(one -> "[" + one.getKey() + "] " + one.getValue())
            .collect(Collectors.joining("; ")));
  }

  private Set<String> all() throws IOException {
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    try (Stream<Path> list = Files.list(directory)) {
      return list.map(path -> String.valueOf(path.getFileName()))
          .filter(FlowFiles::isFlow)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
