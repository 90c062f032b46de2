package io.selvedge.flow;

import io.selvedge.flow.FlowRegistry.Origin;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.definition.FlowException;
import io.selvedge.flow.definition.FlowReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flows as files in a directory that File Install watches: {@code NAME.flow.json}, {@code
 * NAME.flow.yaml} or {@code NAME.flow.yml}. A file that is refused is an event, and what ran goes
 * on.
 *
 * <p>File Install hands a file over once, also when this bundle is stopped and started again. So
 * the instance's own directory is read at the start as well; a file that did not change since is
 * not read twice. Called on the thread of File Install and on the one that starts the bundle.
 */
@Component(service = {ArtifactInstaller.class, ArtifactListener.class, FlowFiles.class})
public final class FlowFiles implements ArtifactInstaller {

  private static final Logger log = LoggerFactory.getLogger(FlowFiles.class);

  private static final Pattern NAME = Pattern.compile("(.+)\\.flow\\.(json|yaml|yml)");

  private final FlowEngine engine;
  private final Map<String, byte[]> read = new TreeMap<>();
  private final Map<String, String> fileByFlow = new HashMap<>();
  private final Map<String, String> refused = new TreeMap<>();

  @Activate
  public FlowFiles(@Reference(name = "engine") FlowEngine engine, BundleContext context) {
    this(engine, Optional.ofNullable(context.getProperty("selvedge.conf")).map(Path::of));
  }

  FlowFiles(FlowEngine engine, Optional<Path> conf) {
    this.engine = engine;
    conf.map(path -> path.resolve("flows")).filter(Files::isDirectory).ifPresent(this::installAll);
  }

  static boolean isFlow(String file) {
    return NAME.matcher(file).matches();
  }

  /** Whether it has looked at this file, with whatever result. */
  synchronized boolean knows(String file) {
    return read.containsKey(file) || refused.containsKey(file);
  }

  /** Files that do not run as they are, and why. */
  synchronized Map<String, String> refused() {
    return new TreeMap<>(refused);
  }

  @Override
  public boolean canHandle(File file) {
    return isFlow(file.getName());
  }

  @Override
  public synchronized void install(File file) {
    String name = name(file);
    try {
      byte[] bytes = bytes(file);
      byte[] before = read.put(file.getName(), bytes);
      if (before == null || !Arrays.equals(before, bytes)) {
        install(file.getName(), name, bytes);
      }
    } catch (IOException e) {
      refuse(file.getName(), name, "flow file [" + file.getName() + "] cannot be read: " + e);
    }
  }

  @Override
  public void update(File file) {
    install(file);
  }

  @Override
  public synchronized void uninstall(File file) {
    String name = name(file);
    read.remove(file.getName());
    refused.remove(file.getName());
    if (!fileByFlow.getOrDefault(name, "").equals(file.getName())) {
      engine.registry().forget(Origin.FILE, name);
      return;
    }
    fileByFlow.remove(name);
    Optional<Map.Entry<String, byte[]>> other =
        read.entrySet().stream().filter(e -> name(new File(e.getKey())).equals(name)).findFirst();
    if (other.isPresent()) {
      install(other.get().getKey(), name, other.get().getValue());
    } else {
      engine.registry().remove(Origin.FILE, name);
    }
  }

  private void installAll(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<File> flows = files.map(Path::toFile).filter(this::canHandle).sorted().toList();
      flows.forEach(this::install);
    } catch (IOException e) {
      log.warn("directory of flows [{}] cannot be read; File Install will try", directory, e);
    }
  }

  private void install(String file, String name, byte[] bytes) {
    String other = fileByFlow.computeIfAbsent(name, n -> file);
    if (!other.equals(file)) {
      refuse(
          file,
          name,
          "flow file ["
              + file
              + "] is not read, because ["
              + other
              + "] holds the same flow; keep one of them");
      return;
    }
    try {
      FlowDefinition definition = engine.read(file, bytes);
      if (definition.name().equals(name)) {
        engine.registry().put(Origin.FILE, definition);
        refused.remove(file);
      } else {
        refuse(
            file,
            name,
            "flow file ["
                + file
                + "] holds flow ["
                + definition.name()
                + "]; the file must be called by its flow, rename one of them");
      }
    } catch (FlowException e) {
      refuse(file, name, String.valueOf(e.getMessage()));
    }
  }

  private void refuse(String file, String name, String why) {
    refused.put(file, why);
    engine.registry().refuse(Origin.FILE, name, why);
  }

  /** The file, or as much of it as tells that it is too large. */
  private static byte[] bytes(File file) throws IOException {
    try (var in = Files.newInputStream(file.toPath())) {
      return in.readNBytes(FlowReader.MOST_BYTES + 1);
    }
  }

  private static String name(File file) {
    Matcher matcher = NAME.matcher(file.getName());
    return matcher.matches() ? matcher.group(1) : file.getName();
  }
}
