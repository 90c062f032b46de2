package io.selvedge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.bench.probe.ProbeActivator;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.recording.RecordingBuses;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import org.junit.jupiter.api.Test;

class JarsTest {

  @Test
  void aBundleOfPackagesHasAllTheirClassesAndNoneBelow() throws IOException {
    byte[] bundle = Jars.bundle(ProbeActivator.class, "org.osgi.framework", FakeBuses.class);

    List<String> entries = new ArrayList<>();
    try (JarInputStream jar = new JarInputStream(new ByteArrayInputStream(bundle))) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName"))
          .isEqualTo("io.selvedge.bench.probe");
      for (JarEntry one = jar.getNextJarEntry(); one != null; one = jar.getNextJarEntry()) {
        entries.add(one.getName());
      }
    }
    assertThat(entries)
        .contains(
            "io/selvedge/bench/probe/ProbeActivator.class",
            "io/selvedge/bench/probe/ProbeDriver.class",
            "io/selvedge/testkit/FakeBuses.class",
            "io/selvedge/testkit/FakeI2cBus.class")
        .doesNotContain(RecordingBuses.class.getName().replace('.', '/') + ".class");
  }
}
