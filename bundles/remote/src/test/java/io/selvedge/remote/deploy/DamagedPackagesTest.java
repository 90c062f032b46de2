package io.selvedge.remote.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.uplink.Notification.Status;
import io.selvedge.protocol.deployment.Keys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that the disk has altered: packages can be installed all the same. */
class DamagedPackagesTest extends DeployRig {

  private static final String NEVER = "2999-01-01T00:00:00Z";

  @Test
  void startsWithBytesThatAreNoTextDoNotKeepTheGatewayFromPackages() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    turn(directory.resolve("data/packages/installed/unproven"), 3, 0x80);
    restart();
    awaitRunning("pump 1.0.0");
    assertThat(install("pump", "2", pump("2.0.0", Map.of())).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void aDownloadOfWhichTheDiskHasAlteredTheWordsComesAnew() throws Exception {
    install("pump", "1", pump("1.0.0", Map.of()));
    Path about = directory.resolve("data/packages/downloads/pump-1.jar.job");
    for (int mask : new int[] {0x01, 0x80}) {
      turn(about, Files.readString(about).indexOf("SHA-256") + 2, mask);
      assertThat(install("pump", "1", server.file).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void aTimeFarAheadInTheListOfTheNewestKeepsNothingOut() throws Exception {
    KeyPair hub = hub();
    byte[] pump = Jars.bundle("pump", "1.0.0", Map.of());
    byDocument(pump, hub, "gw-1", NEVER, sha256(pump), "2026-03-01T00:00:00Z", "pump");
    Path newest = directory.resolve("data/packages/installed/newest.json");
    String sound = Files.readString(newest);
    Files.writeString(newest, sound.replace("2026-03", "6026-03"));
    assertThat(
            byDocument(pump, hub, "gw-1", NEVER, sha256(pump), "2026-04-01T00:00:00Z", "pump")
                .status())
        .isEqualTo(Status.COMPLETED);
    assertThat(Files.readString(newest)).contains("2026-04");
  }

  @Test
  void keysThatAreNoTextAnyMoreDoNotCountAndTheOthersDo() throws Exception {
    KeyPair hub = hub();
    Path key = directory.resolve("conf/trust/hub.pub");
    Path other = Files.copy(key, key.resolveSibling("a.pub"));
    turn(other, 5, 0x80);
    Path revoked = directory.resolve("data/deployment/revoked-keys");
    Files.createDirectories(revoked.getParent());
    Files.writeString(revoked, Keys.id(Keys.generate().getPublic()));
    turn(revoked, 1, 0x80);
    byte[] pump = Jars.bundle("pump", "1.0.0", Map.of());
    assertThat(byDocument(pump, hub, "gw-1", NEVER, sha256(pump)).status())
        .isEqualTo(Status.COMPLETED);
    assertThat(running()).containsExactly("pump 1.0.0");
  }

  private KeyPair hub() throws Exception {
    KeyPair hub = Keys.generate();
    Files.createDirectories(directory.resolve("conf/trust"));
    Files.writeString(directory.resolve("conf/trust/hub.pub"), Keys.publicText(hub.getPublic()));
    return hub;
  }

  /** One bit of a file turns over. */
  private static void turn(Path file, int at, int mask) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= (byte) mask;
    Files.write(file, bytes);
  }
}
