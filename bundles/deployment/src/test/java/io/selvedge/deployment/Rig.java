package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.Recipient;
import io.selvedge.protocol.deployment.RuntimeVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** One gateway on a disk that outlives its processes; {@link #start} is a new process. */
final class Rig {

  final Path root;
  final FakeHub hub;
  final FakeEvents events = new FakeEvents();
  Disk disk = new QuickDisk();
  FakeHandler models = new FakeHandler();
  Clock clock = Clock.fixed(FakeHub.NOW, ZoneOffset.UTC);
  Set<String> groups = Set.of("line-a");
  boolean starting;
  boolean stopping;
  final AtomicLong nanos = new AtomicLong();
  double memory = 100;
  List<DeviceStatus> devices = List.of();
  long budget;

  Rig(Path root, FakeHub hub) throws IOException {
    this.root = root;
    this.hub = hub;
    Path trust = Files.createDirectories(root.resolve("conf/trust"));
    Files.writeString(trust.resolve("hub.pub"), Keys.publicText(hub.key.getPublic()));
  }

  Path blobs() {
    return root.resolve("data/artifacts/blobs");
  }

  Path state(String file) {
    return root.resolve("data/deployment").resolve(file);
  }

  TrustedKeys keys() {
    return new TrustedKeys(
        root.resolve("conf/trust"), root.resolve("data/deployment/revoked-keys"), disk, events);
  }

  /** A twin on which the first revision, with model {@code a 1}, is live. */
  Twin startWithOneLive() throws Exception {
    Twin twin = start();
    twin.offer(hub.deployment(1, hub.model("a", "1")), true);
    twin.work();
    assertThat(twin.status().state()).isEqualTo(DeploymentStatus.State.ACTIVE);
    return twin;
  }

  /** A new process over the same disk, with its handler for models there. */
  Twin start() throws IOException {
    return start(activation -> activation.offer(Artifact.Kind.MODEL, models));
  }

  Twin start(java.util.function.Consumer<Activation> handlers) throws IOException {
    BlobStore store = new BlobStore(blobs(), disk, budget, clock);
    Staging staging = new Staging(root.resolve("data/artifacts"), store, disk);
    Neighbours neighbours =
        new Neighbours(Optional.empty()) {
          @Override
          List<DeviceStatus> deviceStates() {
            return devices;
          }
        };
    Activation activation = new Activation(staging, neighbours, events);
    handlers.accept(activation);
    StateFiles files = new StateFiles(root.resolve("data/deployment"), disk, events);
    HubLink link = new HubLink(() -> Optional.of(hub), store::figures, clock);
    Twin[] self = new Twin[1];
    self[0] =
        new Twin(
            new Twin.Parts(
                new Recipient("gw-1", groups, new RuntimeVersion(0, 1, 0)),
                keys(),
                files,
                store,
                new BlobFetcher(
                    () -> Optional.of(hub),
                    store,
                    FakeHub.RULES,
                    new Meter(() -> {}),
                    events,
                    clock),
                staging,
                activation,
                events,
                clock,
                () -> starting,
                () -> stopping,
                new TrialRun(activation, files, clock, nanos::get, () -> memory),
                new Proof(files, nanos::get)),
            () -> link.report(self[0].status()));
    return self[0];
  }
}
