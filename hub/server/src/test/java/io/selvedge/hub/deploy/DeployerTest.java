package io.selvedge.hub.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.Artifact.Kind;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Reply;
import io.selvedge.hub.FakeClock;
import io.selvedge.hub.link.Asker;
import io.selvedge.hub.store.BlockLists;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.Deployment;
import io.selvedge.hub.store.Deployment.Delivery;
import io.selvedge.hub.store.Deployments;
import io.selvedge.hub.store.FileContent;
import io.selvedge.hub.store.Gateways;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployerTest {

  private static final Artifact MODEL =
      new Artifact(
          Kind.MODEL, "m", "1", List.of(new Artifact.File("model.onnx", "0".repeat(64), 1)));

  private final AtomicReference<KeyPair> key = new AtomicReference<>(Keys.generate());
  private Database database;
  private Deployer deployer;
  private Optional<Asker> asked = Optional.empty();
  private final FakeClock clock = new FakeClock();

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    database = Database.embedded(folder);
    new Gateways(database).enrol("gw-1", "hash", clock.instant());
    deployer =
        new Deployer(
            new Deployments(database),
            new Sources(
                new BlockLists(database, new FileContent(folder)),
                Optional.of("https://files.example/x")),
            key::get,
            (gateway, app, request, asker) -> asked = Optional.of(asker),
            clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Deployment newest() {
    return deployer.newest("gw-1").orElseThrow();
  }

  @Test
  void whatIsAboutToExpireIsIssuedAnewWhenTheGatewayAsks() {
    deployer.deploy("gw-1", List.of(MODEL), List.of());
    clock.advance(Duration.ofDays(28));
    assertThat(deployer.fetch("gw-1").orElseThrow().revision()).isEqualTo(1);

    clock.advance(Duration.ofDays(400));
    Deployment anew = deployer.fetch("gw-1").orElseThrow();
    assertThat(anew.revision()).isEqualTo(2);
    assertThat(anew.expires()).isEqualTo(clock.instant().plus(Duration.ofDays(30)));
    assertThat(Deployer.artifacts(anew)).containsExactly(MODEL);
  }

  @Test
  void whatTheGatewaySaysIsRemembered() {
    deployer.deploy("gw-1", List.of(MODEL), List.of());
    assertThat(newest().delivery()).isEqualTo(Delivery.ISSUED);
    asked.orElseThrow().replied(Reply.error(400, "deployment.wrong_key the key is not known"));
    assertThat(newest().delivery()).isEqualTo(Delivery.REFUSED);
    assertThat(newest().deliveryMessage()).startsWith("deployment.wrong_key");
    asked.orElseThrow().replied(Reply.ok());
    asked.orElseThrow().told(Notification.inProgress("deployment", 10, "fetching"));
    assertThat(newest().delivery()).isEqualTo(Delivery.TAKEN);
    asked.orElseThrow().told(Notification.failed("deployment", 70, "artifact.bad_digest no"));
    assertThat(newest().delivery()).isEqualTo(Delivery.REFUSED);
    assertThat(newest().deliveryMessage()).isEqualTo("artifact.bad_digest no");
    deployer.fetch("gw-1");
    assertThat(newest().delivery()).isEqualTo(Delivery.REFUSED); // still so, until a new revision
  }

  @Test
  void noRevisionIsGivenTwiceHoweverManyAskAtOnce() throws Exception {
    ExecutorService many = Executors.newFixedThreadPool(4);
    List<Future<Long>> revisions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      revisions.add(
          many.submit(() -> deployer.deploy("gw-1", List.of(MODEL), List.of()).revision()));
    }
    List<Long> given = new ArrayList<>();
    for (Future<Long> revision : revisions) {
      given.add(revision.get());
    }
    many.shutdownNow();
    assertThat(given).doesNotHaveDuplicates().hasSize(20).contains(1L, 20L);
  }

  /** A gateway that has the new key already must know the deployment that it has. */
  @Test
  void whatWasIssuedWithAnOlderKeyIsSignedAnewAndStaysTheSame() throws Exception {
    Deployment issued = deployer.deploy("gw-1", List.of(MODEL), List.of());
    assertThat(deployer.envelope(issued)).isEqualTo(issued.envelope().getBytes(UTF_8));

    KeyPair next = Keys.generate();
    key.set(next);

    SignedEnvelope anew = SignedEnvelope.parse(deployer.envelope(newest()));
    anew.verify(List.of(next.getPublic()));
    assertThat(anew.payload()).isEqualTo(issued.document().getBytes(UTF_8));
  }
}
