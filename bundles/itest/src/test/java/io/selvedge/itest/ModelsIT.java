package io.selvedge.itest;

import static io.selvedge.itest.GatewayIT.await;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.exam.util.Filter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.FrameworkWiring;

/** Models in the framework of the distribution, with the real engine and its natives. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ModelsIT {

  private static final float[][] ONES = {{1, 1, 1}};

  @Inject BundleContext context;
  @Inject Deployments deployments;

  @Inject
  @Filter("(app.id=TWIN-V1)")
  RequestHandler twin;

  @org.ops4j.pax.exam.Configuration
  public Option[] gateway() throws IOException {
    return Inside.gateway(
        Files.createTempDirectory(Path.of("target").toAbsolutePath(), "models"),
        Distribution.freePort());
  }

  /** Natives cannot be unloaded: an update of our code must not load them again. */
  @Test
  public void updatingInferenceKeepsOneNativeLibraryAndTheModels() throws Exception {
    new Sum("1", 1).write(folder(), 1);
    await("version 1", () -> "1".equals(version()));
    Bundle inference =
        Arrays.stream(context.getBundles())
            .filter(bundle -> "io.selvedge.inference".equals(bundle.getSymbolicName()))
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < 5; i++) {
      update(inference);
      refresh(inference);
      await("version 1 again", () -> "1".equals(version()));
      assertArrayEquals(new float[] {3, 3}, predict().rows()[0], 0);
      assertEquals("libonnxruntime.so mapped", 1, mapped());
    }
    clean();
  }

  @Test
  public void aDeploymentWinsOverAFileUntilItIsTakenBack() throws Exception {
    new Sum("file", 1).write(folder(), 1);
    await("the file's", () -> "file".equals(version()));
    KeyPair key = Keys.generate();
    Files.writeString(conf().resolve("trust/itest.pub"), Keys.publicText(key.getPublic()));
    MemoryHub hub = new MemoryHub();
    ServiceRegistration<Uplink> uplink =
        context.registerService(
            Uplink.class,
            hub,
            FrameworkUtil.asDictionary(
                Map.of(Constants.SERVICE_RANKING, 1000, Uplink.NAME, Uplink.HUB)));
    try {
      Artifact good = artifact(hub, new Sum("7", 4), 4);
      assertEquals("", put(key, 1, good).message());
      await("deployment 1", () -> deployments.status().revision() == 1);
      assertArrayEquals(new float[] {12, 12}, predict().rows()[0], 0);

      put(key, 2, artifact(hub, new Sum("8", 4), 9));
      await("2 is refused", () -> "model.golden_mismatch".equals(deployments.status().code()));
      assertEquals("7", predict().model().version());
      assertEquals(DeploymentStatus.State.REFUSED, deployments.status().state());

      Reply replay = put(key, 1, good);
      assertEquals(400, replay.code());
      assertTrue(replay.message(), replay.message().startsWith("deployment.old_revision "));

      put(key, 3);
      await("the file's again", () -> "file".equals(version()));
      await("deployment 3", () -> deployments.status().revision() == 3);
    } finally {
      uplink.unregister();
    }
    clean();
  }

  private Artifact artifact(MemoryHub hub, Sum model, float expectedWeight) {
    byte[] manifest = model.manifest("model.onnx", expectedWeight);
    return new Artifact(
        Artifact.Kind.MODEL,
        "sum",
        model.version(),
        List.of(file(hub, "model.json", manifest), file(hub, "model.onnx", model.onnx())));
  }

  private static Artifact.File file(MemoryHub hub, String path, byte[] bytes) {
    hub.files.put(Sum.sha256(bytes), bytes);
    return new Artifact.File(path, Sum.sha256(bytes), bytes.length);
  }

  private Reply put(KeyPair key, long revision, Artifact... artifacts) {
    Instant now = Instant.now();
    DeploymentDocument document =
        new DeploymentDocument("itest", revision, now, now.plusSeconds(600), List.of(artifacts));
    byte[] envelope =
        SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, document.toJson(), key).toJson();
    return twin.handle(new Request(Request.Method.PUT, "desired", Map.of(), envelope));
  }

  private Prediction predict() throws ModelException {
    return models().predict("sum", ONES);
  }

  private String version() {
    ServiceReference<Models> there = context.getServiceReference(Models.class);
    return there == null
        ? ""
        : context.getService(there).find("sum").map(found -> found.ref().version()).orElse("");
  }

  private Models models() {
    return context.getService(context.getServiceReference(Models.class));
  }

  private void clean() throws Exception {
    Files.delete(folder().resolve("sum.model.json"));
    Files.delete(folder().resolve("sum.onnx"));
    await("no model", () -> version().isEmpty());
  }

  /** Felix gives up rather than wait for a lock that another thread might never let go of. */
  private static void update(Bundle bundle) throws Exception {
    await(
        "an update of " + bundle,
        () -> {
          try {
            bundle.update();
            return true;
          } catch (BundleException e) {
            if (String.valueOf(e.getMessage()).contains("global lock")) {
              return false;
            }
            throw new IllegalStateException(e);
          }
        });
  }

  private void refresh(Bundle bundle) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    context
        .getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
        .adapt(FrameworkWiring.class)
        .refreshBundles(List.of(bundle), event -> done.countDown());
    assertTrue("refreshed", done.await(90, TimeUnit.SECONDS));
  }

  private static long mapped() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.endsWith("libonnxruntime.so") && line.contains("r-xp"))
        .count();
  }

  private Path folder() {
    return conf().resolve("models");
  }

  private Path conf() {
    return Path.of(context.getProperty("selvedge.conf"));
  }
}
