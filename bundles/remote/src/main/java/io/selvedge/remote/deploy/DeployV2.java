package io.selvedge.remote.deploy;

import io.selvedge.api.deployment.AskedStop;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Notifier;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.remote.Answers;
import io.selvedge.remote.Bundles;
import io.selvedge.remote.PackageList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application {@code DEPLOY-V2}: bundles and deployment packages from an HTTP server, as Kura
 * has it. It installs only what is signed, and only where that is switched on; the gateway's own
 * bundles it leaves alone.
 */
@Component(
    service = {RequestHandler.class, PackageList.class},
    property = "app.id=" + DeployV2.APP,
    configurationPid = "io.selvedge.remote.deploy",
    immediate = true)
@Designate(ocd = DeployConfig.class)
public final class DeployV2 implements RequestHandler, PackageList {

  static final String APP = "DEPLOY-V2";

  private static final String KNOWN =
      "EXEC download, install, uninstall, start/ID, stop/ID; GET download, install, packages,"
          + " bundles; DEL download";

  private static final Logger log = LoggerFactory.getLogger(DeployV2.class);

  private final BundleContext context;
  private final String gateway;
  private final boolean signed;
  private final Bundles bundles;
  private final Packages packages;
  private final Worker worker;

  @Activate
  public DeployV2(
      BundleContext context, @Reference(name = "events") Events events, DeployConfig config)
      throws IOException {
    this(context, events, config, Thread::sleep, Clock.systemUTC(), Starts.LASTING);
  }

  DeployV2(
      BundleContext context,
      Events events,
      DeployConfig config,
      Pause pause,
      Clock clock,
      Duration lasting)
      throws IOException {
    this.context = context;
    gateway = context.getProperty("selvedge.gateway.id");
    signed = config.install().equals("signed");
    if (!signed && !config.install().equals("off")) {
      throw new IllegalArgumentException(
          "install [" + config.install() + "] of io.selvedge.remote.deploy must be off or signed");
    }
    bundles = new Bundles(context);
    Path data = Path.of(context.getProperty("selvedge.data"), "packages");
    packages = new Packages(data.resolve("installed"), new Installer(context), events, lasting);
    worker =
        new Worker(
            new Downloads(data.resolve("downloads"), (long) config.package_most_mib() << 20, pause),
            packages,
            new Signers(
                Path.of(context.getProperty("selvedge.conf"), "trust"),
                Path.of(context.getProperty("selvedge.data"), "deployment", "revoked-keys"),
                gateway,
                clock),
            events);
    worker.restore();
  }

  /** Where only the settings change, or somebody asked for the stop, no package is the reason. */
  @Deactivate
  void stop() {
    worker.close();
    boolean asked = AskedStop.endsIt(context::getProperty);
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    if (asked || framework == null || framework.getState() != Bundle.STOPPING) {
      try {
        packages.takeBackStart(asked);
      } catch (IOException e) {
        log.warn("This start counts as one that failed: {}", e.toString());
      }
    }
  }

  @Override
  public List<Item> packages() {
    return packages.list().stream()
        .map(
            one ->
                new Item(
                    one.name(),
                    one.version(),
                    one.bundles().stream()
                        .map(b -> new Item(b.symbolicName(), b.version(), List.of()))
                        .toList()))
        .toList();
  }

  @Override
  public Reply handle(Request request) {
    return handle(request, nobody -> {});
  }

  @Override
  public Reply handle(Request request, Notifier notifier) {
    String[] parts = request.resource().split("/", 2);
    String argument = parts.length == 2 ? parts[1] : "";
    return switch (request.method() + " " + parts[0]) {
      case "EXEC download" -> download(request, notifier);
      case "EXEC install" -> install(request, notifier);
      case "EXEC uninstall" -> uninstall(request, notifier);
      case "EXEC start" -> set(argument, true);
      case "EXEC stop" -> set(argument, false);
      case "GET download" -> downloading();
      case "GET install" -> installing();
      case "GET packages" -> Answers.text(DeployXml.packages(packages.list()));
      case "GET bundles" -> Answers.text(rows());
      case "DEL download" -> cancel();
      default -> Answers.unknown(APP, request, KNOWN);
    };
  }

  private Reply download(Request request, Notifier notifier) {
    Job.Download download = Job.parseDownload(request);
    Optional<Reply> off = off();
    if (off.isPresent()) {
      return off.get();
    }
    boolean begun = worker.download(download, new Told(gateway, download.job(), notifier));
    return begun ? Reply.ok() : busy("Another resource is already in download");
  }

  private Reply install(Request request, Notifier notifier) {
    Job job = Job.parseVersioned(request);
    Optional<Reply> off = off();
    if (off.isPresent()) {
      return off.get();
    }
    boolean begun = worker.install(new Told(gateway, job, notifier));
    return begun ? Reply.ok() : busy("Already installing/uninstalling");
  }

  private Reply uninstall(Request request, Notifier notifier) {
    Job job = Job.parse(request);
    if (packages.find(job.name()).isEmpty()) {
      return Reply.error(
          404,
          "package ["
              + job.name()
              + "] is not installed by DEPLOY-V2; there are "
              + packages.list().stream().map(Installed::name).toList()
              + ". The gateway's own bundles and those of a deployment cannot be uninstalled so");
    }
    boolean begun = worker.uninstall(new Told(gateway, job, notifier));
    return begun ? Reply.ok() : busy("Only one request at a time is allowed");
  }

  private Optional<Reply> off() {
    return signed
        ? Optional.empty()
        : Optional.of(
            Reply.error(
                500,
                "installing by DEPLOY-V2 is off on this gateway; set install = signed in"
                    + " conf/io.selvedge.remote.deploy.cfg, and put the certificate of who signs"
                    + " packages into conf/trust/packages. Unsigned code is never installed"));
  }

  /** With Kura's metric and body. */
  static Reply busy(String body) {
    return new Reply(
        500,
        body,
        Map.of("download.status", Value.of("IN_PROGRESS")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private Reply downloading() {
    Map<String, Value> metrics = new TreeMap<>();
    Optional<Worker.Now> now = worker.now().filter(one -> one.type().equals("download"));
    Optional<Worker.Last> last = worker.last();
    metrics.put(
        "dp.download.size",
        Value.of(now.map(Worker.Now::size).or(() -> last.map(Worker.Last::size)).orElse(0L)));
    metrics.put(
        "dp.download.progress",
        Value.of(
            (long)
                now.map(Worker.Now::percent).or(() -> last.map(Worker.Last::percent)).orElse(100)));
    metrics.put(
        "dp.download.status",
        Value.of(
            now.isPresent() ? "IN_PROGRESS" : last.map(Worker.Last::word).orElse("ALREADY DONE")));
    now.map(Worker.Now::job)
        .or(() -> last.map(Worker.Last::job))
        .ifPresent(job -> metrics.put("job.id", Value.of(job.id())));
    return new Reply(200, "", metrics, new byte[0]);
  }

  private Reply installing() {
    Map<String, Value> metrics = new TreeMap<>();
    Optional<Worker.Now> now = worker.now().filter(one -> !one.type().equals("download"));
    metrics.put("dp.install.status", Value.of(now.isPresent() ? "IN_PROGRESS" : "IDLE"));
    now.map(Worker.Now::job)
        .ifPresent(
            job -> {
              metrics.put("dp.name", Value.of(job.name()));
              metrics.put("dp.version", Value.of(job.version()));
              metrics.put("job.id", Value.of(job.id()));
            });
    return new Reply(200, "", metrics, new byte[0]);
  }

  private Reply cancel() {
    worker.cancel();
    return Reply.ok();
  }

  private String rows() {
    return DeployXml.bundles(
        bundles.list().stream()
            .map(
                one ->
                    new DeployXml.Row(
                        one.getBundleId(),
                        String.valueOf(one.getSymbolicName()),
                        one.getVersion().toString(),
                        Bundles.state(one)))
            .toList());
  }

  private Reply set(String id, boolean started) {
    Optional<Bundle> bundle =
        id.matches("\\d{1,18}") ? bundles.find(Long.parseLong(id)) : Optional.empty();
    if (bundle.isEmpty()) {
      return Reply.error(
          id.matches("\\d+") ? 404 : 400,
          "bundle [" + id + "] is not here; EXEC start/ID and stop/ID take the ids of GET bundles");
    }
    try {
      Bundles.set(bundle.get(), started);
      return Reply.ok();
    } catch (BundleException e) {
      return Reply.error(
          500,
          "bundle [" + id + "] does not " + (started ? "start" : "stop") + ": " + e.getMessage());
    }
  }
}
