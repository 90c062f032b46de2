package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.deployment.AskedStop;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.deployment.StoreFigures;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Notifier;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.api.uplink.UplinkListener;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Recipient;
import io.selvedge.protocol.deployment.RuntimeVersion;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The twin as services: it answers the hub, hears of the connection and tells what is live. */
@Component(
    service = {Deployments.class, RequestHandler.class, UplinkListener.class},
    property = "app.id=" + HubLink.APP,
    configurationPid = "io.selvedge.deployment",
    immediate = true)
@Designate(ocd = TransferConfig.class)
public final class DeploymentComponent implements Deployments, RequestHandler, UplinkListener {

  private static final Logger log = LoggerFactory.getLogger(DeploymentComponent.class);

  /** After a start, bundles with handlers may come a little later than this one. */
  private static final Duration STARTING = Duration.ofSeconds(60);

  /** The launcher says so where somebody stops the gateway, and it does not end by itself. */
  private final BundleContext context;

  private final WayToHub uplink = new WayToHub();
  private final Requester requester = new Requester();
  private final HubLink hub;
  private final Activation activation;
  private final Twin twin;
  private final BlobStore blobs;
  private final DeploymentLoop loop;
  private final History history;
  private final TrustedKeys keys;

  @Activate
  public DeploymentComponent(
      BundleContext context, TransferConfig config, @Reference(name = "events") Events events)
      throws IOException {
    this(context, TransferRules.of(config), events);
  }

  DeploymentComponent(BundleContext context, TransferRules rules, Events events)
      throws IOException {
    rules
        .problems()
        .forEach(
            problem ->
                events.report(
                    Event.Severity.WARNING, "deployment", "deployment.wrong_setting", problem));
    Path data = Path.of(property(context, "selvedge.data"));
    Path conf = Path.of(property(context, "selvedge.conf"));
    Clock clock = Clock.system(ZoneId.systemDefault()); // parts of the day are by local time
    Disk disk = new Disk();
    BlobStore blobs =
        new BlobStore(data.resolve("artifacts/blobs"), disk, rules.storeBytes(), clock);
    Staging staging = new Staging(data.resolve("artifacts"), blobs, disk);
    this.context = context;
    hub = new HubLink(uplink, blobs::figures, clock);
    activation = new Activation(staging, new Neighbours(Optional.of(context)), events);
    long started = System.nanoTime();
    history = new History(data.resolve("deployment/history.json"), disk);
    keys =
        new TrustedKeys(
            conf.resolve("trust"), data.resolve("deployment/revoked-keys"), disk, events);
    StateFiles files = new StateFiles(data.resolve("deployment"), disk, events);
    twin =
        new Twin(
            new Twin.Parts(
                here(context),
                keys,
                files,
                blobs,
                new BlobFetcher(uplink, blobs, rules, new Meter(this::changed), events, clock),
                staging,
                activation,
                events,
                clock,
                () -> System.nanoTime() - started < STARTING.toNanos(),
                isStopping(context),
                new TrialRun(activation, files, clock, System::nanoTime, Memory::megabytes),
                new Proof(files, System::nanoTime)),
            this::changed);
    this.blobs = blobs;
    loop = new DeploymentLoop(twin, hub, keys, events);
  }

  /** After the handlers that are there already have been bound. */
  @Activate
  void start() {
    loop.start();
  }

  private static Recipient here(BundleContext context) {
    String groups = context.getProperty("selvedge.gateway.groups");
    return new Recipient(
        property(context, "selvedge.gateway.id"),
        groups == null || groups.isBlank() ? Set.of() : Set.of(groups.strip().split("[,\\s]+")),
        RuntimeVersion.parse(property(context, "selvedge.version")));
  }

  private static String property(BundleContext context, String name) {
    String value = context.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          "property [" + name + "] is not set; start the gateway with its launcher");
    }
    return value;
  }

  private void changed() {
    history.note(twin.status(), twin.trial());
    hub.report(twin.status());
    requester.tell(twin.status());
  }

  /** The framework says so before it stops the first bundle. */
  static BooleanSupplier isStopping(BundleContext context) {
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    return () -> framework != null && framework.getState() == Bundle.STOPPING;
  }

  @Deactivate
  void stop() {
    boolean ended = loop.close();
    if (ended && AskedStop.endsIt(context::getProperty)) {
      try {
        twin.stopped();
      } catch (IOException e) {
        log.warn("This start counts as one that failed: {}", e.toString());
      }
    }
  }

  @Reference(
      name = "uplink",
      service = Uplink.class,
      target = "(" + Uplink.NAME + "=" + Uplink.HUB + ")",
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindUplink(ServiceReference<Uplink> reference) {
    uplink.bind(reference, () -> context.getService(reference));
  }

  void unbindUplink(ServiceReference<Uplink> reference) {
    uplink.unbind(reference);
    context.ungetService(reference);
  }

  /** For tests: what the framework would bind. */
  WayToHub wayToHub() {
    return uplink;
  }

  @Reference(
      name = "handler",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindHandler(ArtifactHandler handler, Map<String, Object> properties) {
    kind(properties).ifPresent(kind -> activation.offer(kind, handler));
    loop.wake();
  }

  void unbindHandler(ArtifactHandler handler, Map<String, Object> properties) {
    kind(properties).ifPresent(kind -> activation.withdraw(kind, handler));
  }

  private static Optional<Artifact.Kind> kind(Map<String, Object> properties) {
    Object kind = properties.get("artifact.kind");
    for (Artifact.Kind one : Artifact.Kind.values()) {
      if (one.name().equals(kind)) {
        return Optional.of(one);
      }
    }
    log.warn(
        "handler for artifact.kind [{}] is passed over; it must be one of {}",
        kind,
        Artifact.Kind.values());
    return Optional.empty();
  }

  @Override
  public void connected() {
    loop.connected();
  }

  @Override
  public DeploymentStatus status() {
    return twin.status();
  }

  @Override
  public Optional<StoreFigures> store() {
    return Optional.of(blobs.figures());
  }

  @Override
  public List<Past> history() {
    return history.list();
  }

  @Override
  public Map<String, Double> limits() {
    return history.limits(twin.status().newest());
  }

  @Override
  public List<Key> keys() {
    return keys.list();
  }

  @Override
  public Reply handle(Request request) {
    return handle(request, nobody -> {});
  }

  @Override
  public Reply handle(Request request, Notifier notifier) {
    return switch (request.method() + "/" + request.resource()) {
      case "PUT/desired" -> take(request.body(), notifier);
      case "PUT/keys" -> change(request.body());
      case "GET/reported" -> Reply.ok(Json.text(hub.reported(twin.status())));
      default ->
          Reply.error(
              404,
              "["
                  + request.method()
                  + " "
                  + request.resource()
                  + "] is not known here; known are"
                  + " PUT desired, PUT keys and GET reported");
    };
  }

  /** The hub has another key from now on. */
  private Reply change(byte[] envelope) {
    try {
      if (keys.change(envelope)) {
        loop.connected(); // what it desires is signed with the new key now
      }
      return Reply.ok();
    } catch (DeploymentException e) {
      twin.refusedKey(envelope, e);
      return Reply.error(400, e.code().text() + " " + e.getMessage());
    } catch (IOException e) {
      return Reply.error(500, "deployment.disk_failed " + e);
    }
  }

  private Reply take(byte[] envelope, Notifier notifier) {
    try {
      twin.offer(envelope, true);
      requester.is(notifier);
      requester.tell(twin.status()); // what changed before there was somebody to tell
      loop.wake();
      return Reply.ok();
    } catch (DeploymentException e) {
      return Reply.error(400, e.code().text() + " " + e.getMessage());
    } catch (IOException e) {
      return Reply.error(500, "deployment.disk_failed " + e);
    }
  }
}
