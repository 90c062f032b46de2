package io.selvedge.driver.host;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The machine itself, from the files of its kernel (proc(5), sysfs). What a machine does not have
 * is missing with its reason; the rest is there.
 */
@Component(
    configurationPid = "io.selvedge.driver.host",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = HostConfig.class, factory = true)
public final class HostDriver implements Driver {

  private static final Channel LOAD = Channel.decimal("load_1m", "1");
  private static final Channel CPU_USE = Channel.decimal("cpu_use", "%");
  private static final Channel MEMORY_USE = Channel.decimal("memory_use", "%");
  private static final Channel MEMORY_AVAILABLE = Channel.whole("memory_available", "By");
  private static final Channel TEMPERATURE = Channel.decimal("temperature", "Cel");
  private static final Channel DISK_USE = Channel.decimal("disk_use", "%");
  private static final Channel DISK_FREE = Channel.whole("disk_free", "By");
  private static final Channel RECEIVED = Channel.whole("network_received", "By");
  private static final Channel SENT = Channel.whole("network_sent", "By");
  private static final Channel UPTIME = Channel.decimal("uptime", "s");
  private static final List<Channel> CHANNELS =
      List.of(
          LOAD,
          CPU_USE,
          MEMORY_USE,
          MEMORY_AVAILABLE,
          TEMPERATURE,
          DISK_USE,
          DISK_FREE,
          RECEIVED,
          SENT,
          UPTIME);

  private static final String MEMINFO = "proc/meminfo";
  private static final long KIB = 1024;

  private final KernelFiles files;
  private final Path disk;
  private final Processor processor;
  private final Thermometer thermometer;
  private final Network network;

  private interface Probe {
    Value value() throws Unavailable;
  }

  @Activate
  public HostDriver(BundleContext context, HostConfig config) {
    this(config, Path.of("/"), Optional.ofNullable(context.getProperty("selvedge.data")));
  }

  HostDriver(HostConfig config, Path root, Optional<String> data) {
    this.files = new KernelFiles(root);
    this.disk = Path.of(config.disk().isBlank() ? data.orElse("/") : config.disk().strip());
    this.processor = new Processor(files);
    this.thermometer = new Thermometer(files, config.temperature().strip());
    this.network = new Network(files, config.network());
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    if (!files.exists("proc")) {
      throw new DeviceException(
          "no [" + files.path("proc") + "] here; this driver reads a Linux kernel's files");
    }
    return List.of(
        read(LOAD, () -> decimal("proc/loadavg")),
        read(CPU_USE, () -> Value.of(processor.use())),
        read(MEMORY_USE, this::memoryUse),
        read(MEMORY_AVAILABLE, () -> Value.of(memory("MemAvailable:"))),
        read(TEMPERATURE, () -> Value.of(thermometer.celsius())),
        read(DISK_USE, this::diskUse),
        read(DISK_FREE, this::diskFree),
        read(RECEIVED, () -> Value.of(network.bytes().received())),
        read(SENT, () -> Value.of(network.bytes().sent())),
        read(UPTIME, () -> decimal("proc/uptime")));
  }

  private static Reading read(Channel channel, Probe probe) {
    Value value;
    try {
      value = probe.value();
    } catch (Unavailable e) {
      value = e.missing();
    }
    return new Reading(channel.id(), value, Optional.empty());
  }

  /** The first word of a file. */
  private Value decimal(String file) throws Unavailable {
    return Value.of(KernelFiles.decimal(files.words(file).get(0), file));
  }

  /** Bytes. */
  private long memory(String line) throws Unavailable {
    List<String> words = files.words(MEMINFO, line);
    return KernelFiles.whole(words.isEmpty() ? "" : words.get(0), MEMINFO) * KIB;
  }

  private Value memoryUse() throws Unavailable {
    long total = memory("MemTotal:");
    if (total <= 0) {
      throw new Unavailable(Reason.OUT_OF_RANGE, "MemTotal [" + total + "] in [/" + MEMINFO + "]");
    }
    return Value.of(100.0 * (total - memory("MemAvailable:")) / total);
  }

  /** As df(1) counts: what only root may use is neither used nor free. */
  private Value diskUse() throws Unavailable {
    try {
      FileStore store = Files.getFileStore(disk);
      long used = store.getTotalSpace() - store.getUnallocatedSpace();
      long all = used + store.getUsableSpace();
      if (all <= 0) {
        throw new Unavailable(Reason.OUT_OF_RANGE, "[" + disk + "] has [" + all + "] bytes");
      }
      return Value.of(100.0 * used / all);
    } catch (IOException e) {
      throw noDisk(e);
    }
  }

  private Value diskFree() throws Unavailable {
    try {
      return Value.of(Files.getFileStore(disk).getUsableSpace());
    } catch (IOException e) {
      throw noDisk(e);
    }
  }

  private Unavailable noDisk(IOException e) {
    return new Unavailable(
        Files.exists(disk) ? Reason.NO_ANSWER : Reason.ABSENT,
        "disk [" + disk + "]: " + e.getMessage());
  }
}
