package io.selvedge.bus.pi4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeGpioBus;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** What a bundle has made and not shut down is given back when it stops, and only that. */
class OwnersTest {

  @TempDir Path folder;
  private final FakeBuses buses = new FakeBuses();
  private final FakeGpioBus header = buses.gpio("pinctrl-rp1");
  private final Events events = new Events();
  private Optional<Bundle> caller = Optional.empty();
  private final Owners owners = new Owners(() -> caller);
  private final Context pi4j =
      Pi4jService.build(
          new Wiring(
              buses, new Names(buses, (kind, n) -> Optional.empty(), "", ""), events, owners));
  private Framework framework;
  private Bundle first;
  private Bundle second;

  @BeforeEach
  void start() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString()));
    framework.start();
    framework.getBundleContext().addBundleListener(owners);
    first = install("first");
    second = install("second");
  }

  @AfterEach
  void stop() throws Exception {
    pi4j.shutdown();
    events.close();
    framework.stop();
    framework.waitForStop(10_000);
  }

  private Bundle install(String name) throws Exception {
    Path jar = folder.resolve(name + ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream empty = new JarOutputStream(out, manifest)) {
      empty.finish();
    }
    Bundle bundle = framework.getBundleContext().installBundle(jar.toUri().toString());
    bundle.start();
    return bundle;
  }

  private DigitalOutput output(Bundle by, int line) {
    caller = Optional.of(by);
    return pi4j.create(
        DigitalOutput.newConfigBuilder(pi4j)
            .id("led-" + line)
            .address(line)
            .initial(DigitalState.LOW)
            .build());
  }

  @Test
  void aBundleThatIsUpdatedFortyTimesFindsItsLineFreeEachTime() throws Exception {
    DigitalOutput other = output(second, 5);
    for (int i = 0; i < 40; i++) {
      output(first, 4).high();
      assertThat(header.isTaken(4)).isTrue();

      first.update();

      assertThat(header.isTaken(4)).as("given back in round %d", i).isFalse();
    }
    other.high();
    assertThat(header.isHigh(5)).as("the other's works on").isTrue();
  }

  @Test
  void shuttingTheContextDownEndsOnesOwnOnly() {
    DigitalOutput mine = output(first, 4);
    DigitalOutput other = output(second, 5);
    Context seen = new SharedContext(pi4j, () -> owners.release(first));

    assertThat(seen.shutdown()).isSameAs(seen);

    assertThat(header.isTaken(4)).isFalse();
    assertThat(pi4j.registry().exists(mine.id())).isFalse();
    other.high();
    assertThat(header.isHigh(5)).isTrue();
    assertThat(seen.isShutdown()).isFalse();
    output(first, 4).high();
    assertThat(header.isHigh(4)).as("and one may begin anew").isTrue();
  }
}
