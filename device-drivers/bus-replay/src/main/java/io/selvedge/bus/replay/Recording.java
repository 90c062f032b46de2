package io.selvedge.bus.replay;

import io.selvedge.api.bus.Buses;
import io.selvedge.testkit.recording.RecordingBuses;
import io.selvedge.testkit.recording.ReplayBuses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Buses of a recording, for devices that ask for it by {@code buses.target = (recording=NAME)}; all
 * others have the machine's.
 */
@Component(
    immediate = true,
    service = {},
    configurationPid = "io.selvedge.bus.replay",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RecordingConfig.class, factory = true)
public final class Recording {

  private static final int AFTER_THE_MACHINES = -1000;

  private final ServiceRegistration<Buses> registration;
  private final @Nullable RecordingFile file; // none while it is played

  @Activate
  public Recording(
      BundleContext context,
      @Reference(
              name = "machine",
              target = "(!(recording=*))",
              cardinality = ReferenceCardinality.OPTIONAL)
          @Nullable Buses machine,
      RecordingConfig config)
      throws IOException {
    Path path = Path.of(config.file().strip());
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("file [" + path + "] must be a whole path");
    }
    Buses buses;
    if (config.record()) {
      if (machine == null) {
        throw new IllegalStateException(
            "nothing to record: no bundle gives access to this machine's buses");
      }
      file = new RecordingFile(path, config.most_kib() * 1024L);
      buses = new RecordingBuses(machine, file);
    } else {
      file = null;
      buses = ReplayBuses.of(path);
    }
    registration =
        context.registerService(
            Buses.class,
            buses,
            FrameworkUtil.asDictionary(
                Map.of(
                    "recording",
                    config.recording(),
                    Constants.SERVICE_RANKING,
                    AFTER_THE_MACHINES)));
  }

  @Deactivate
  void close() throws IOException {
    registration.unregister();
    if (file != null) {
      file.close();
    }
  }
}
