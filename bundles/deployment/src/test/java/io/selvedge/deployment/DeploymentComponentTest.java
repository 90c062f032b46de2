package io.selvedge.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.protocol.deployment.Keys;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.BundleContext;

/** The whole bundle with its thread, on the fake hub. */
class DeploymentComponentTest {

  @TempDir Path root;

  private final FakeHub hub = new FakeHub();
  private final FakeHandler models = new FakeHandler();
  private DeploymentComponent component;

  DeploymentComponentTest() {}

  @BeforeEach
  void start() throws IOException {
    hub.validity = Duration.ofDays(365_000); // the component has the real clock
    Files.createDirectories(root.resolve("conf/trust"));
    Files.writeString(root.resolve("conf/trust/hub.pub"), Keys.publicText(hub.key.getPublic()));
    component = newComponent();
  }

  @AfterEach
  void stop() {
    component.stop();
    assertThat(threads()).isEmpty();
  }

  private DeploymentComponent newComponent() throws IOException {
    DeploymentComponent made = new DeploymentComponent(context(), FakeHub.RULES, new FakeEvents());
    made.wayToHub().bind(hub, () -> hub);
    made.bindHandler(models, Map.of("artifact.kind", "MODEL"));
    made.bindHandler(models, Map.of("artifact.kind", "SOMETHING"));
    made.start();
    return made;
  }

  @Test
  void takesWhatTheHubSends() throws Exception {
    Reply reply = put(hub.deployment(1, hub.model("a", "1")));

    assertThat(reply.code()).isEqualTo(200);
    await("ACTIVE");
    assertThat(component.status().revision()).isEqualTo(1);
    assertThat(models.running).containsKey("a");
  }

  @Test
  void tellsWhoSentItHowItGoes() throws Exception {
    List<Notification> told = new CopyOnWriteArrayList<>();
    CountDownLatch end = new CountDownLatch(1);
    byte[] envelope = hub.deployment(1, hub.model("a", "1"));
    Reply reply =
        component.handle(
            new Request(Request.Method.PUT, "desired", Map.of(), envelope),
            one -> {
              told.add(one);
              if (one.status() != Notification.Status.IN_PROGRESS) {
                end.countDown();
              }
            });
    assertThat(reply.code()).isEqualTo(200);
    assertThat(end.await(60, TimeUnit.SECONDS)).as("told the end").isTrue();
    assertThat(told.get(told.size() - 1))
        .isEqualTo(Notification.completed("deployment", "deployment [1] is live"));
    assertThat(told.subList(0, told.size() - 1))
        .allMatch(one -> one.status() == Notification.Status.IN_PROGRESS);
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"REFUSED", "REVERTED"})
  void tellsThatItIsRefusedOrTakenBackAndThenNothingMore(State end) {
    List<Notification> told = new ArrayList<>();
    Requester requester = new Requester();
    DeploymentStatus refused =
        new DeploymentStatus(
            1,
            end,
            2,
            "artifact.bad_digest",
            "no",
            List.of(),
            Instant.EPOCH,
            DeploymentStatus.Progress.NONE,
            Optional.empty());
    requester.tell(refused); // nobody asked
    requester.is(told::add);
    requester.tell(refused);
    requester.tell(refused);
    assertThat(told)
        .containsExactly(Notification.failed("deployment", 0, "artifact.bad_digest no"));
  }

  @Test
  void refusesWithTheCodeAsTheFirstWord() {
    Reply reply = put("{}".getBytes(UTF_8));
    assertThat(reply.code()).isEqualTo(400);
    assertThat(reply.message()).startsWith("deployment.malformed envelope: payload");
  }

  @Test
  void asksAtEachConnectionAndReportsWhatIs() throws Exception {
    component.connected();
    await("NONE");

    hub.desired = Optional.of(hub.deployment(1, hub.model("a", "1")));
    component.connected();
    await("ACTIVE");

    component.connected();
    await("ACTIVE");
    assertThat(hub.lastReported()).contains("\"newest\":1");
  }

  @Test
  void aTransferGoesOnAtOnceWhenTheConnectionIsBack() throws Exception {
    byte[] content = new byte[5 * OffsetTransfer.PIECE];
    Arrays.fill(content, (byte) 'x');
    hub.blocksUntilGone = 4;
    put(hub.deployment(1, hub.artifact(Artifact.Kind.MODEL, "a", "1", content)));
    await("FETCHING");

    hub.blocksUntilGone = Integer.MAX_VALUE;
    component.connected();
    await("ACTIVE");
  }

  @Test
  void tellsWhatItReportsAndRefusesTheRest() throws Exception {
    assertThat(ask(Request.Method.GET, "reported").body()).asString(UTF_8).contains("\"NONE\"");
    Reply reply = ask(Request.Method.DEL, "desired");
    assertThat(reply.code()).isEqualTo(404);
    assertThat(reply.message()).contains("[DEL desired]");
  }

  @Test
  void stopsAtOnceWhileTheHubIsSilentAndGoesOnAfterwards() throws Exception {
    hub.silent = true;
    put(hub.deployment(1, hub.model("a", "1")));
    await("FETCHING");

    long before = System.nanoTime();
    component.stop();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    assertThat(component.status().state()).isEqualTo(State.FETCHING);

    hub.silent = false;
    component = newComponent();
    await("ACTIVE");
  }

  @Test
  void aNewerOneDoesNotWaitForATransferThatIsNotAnswered() throws Exception {
    hub.silent = true;
    put(hub.deployment(1, hub.model("a", "1")));
    await("FETCHING");

    hub.silent = false;
    long before = System.nanoTime();
    put(hub.deployment(2, hub.model("a", "2")));
    await("ACTIVE");

    assertThat(component.status().revision()).isEqualTo(2);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(9));
  }

  @Test
  void anUplinkThatGoesIsNotUsed() throws Exception {
    component.wayToHub().unbind(hub);
    put(hub.deployment(1, hub.model("a", "1")));
    assertThat(hub.sent).isEmpty();

    component.wayToHub().bind(hub, () -> hub);
    component.connected();
    await("ACTIVE");
  }

  /** As where it is still in the making after an update of its bundle. */
  @Test
  void anUplinkThatCannotBeHadAtOnceIsAskedForAgain() throws Exception {
    component.wayToHub().unbind(hub);
    int[] tries = new int[1];
    component.wayToHub().bind("new", () -> tries[0]++ < 2 ? null : hub);
    put(hub.deployment(1, hub.model("a", "1")));
    await("ACTIVE");
    int enough = tries[0];
    put(hub.deployment(2, hub.model("a", "2")));
    await("ACTIVE");
    assertThat(tries[0]).as("had once, it is kept").isEqualTo(enough);
  }

  private Reply put(byte[] envelope) {
    return component.handle(new Request(Request.Method.PUT, "desired", Map.of(), envelope));
  }

  private Reply ask(Request.Method method, String resource) {
    return component.handle(new Request(method, resource, Map.of(), new byte[0]));
  }

  private void await(String state) throws InterruptedException {
    String last = "";
    while (!state.equals(last)) {
      last = hub.states.poll(60, TimeUnit.SECONDS);
      assertThat(last).as("a report of " + state).isNotNull();
    }
  }

  private static java.util.List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("selvedge-"))
        .toList();
  }

  /** Only properties; the component asks for nothing else. */
  private BundleContext context() {
    Map<String, String> properties =
        Map.of(
            "selvedge.gateway.id", "gw-1",
            "selvedge.gateway.groups", "line-a, line-b",
            "selvedge.version", "0.1.0-SNAPSHOT",
            "selvedge.data", root.resolve("data").toString(),
            "selvedge.conf", root.resolve("conf").toString());
    return (BundleContext)
        Proxy.newProxyInstance(
            BundleContext.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> properties.get(String.valueOf(arguments[0])));
  }
}
