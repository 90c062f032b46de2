package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.KeyChange;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.transfer.BlockData;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.BlockRequest;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttMessageListener;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file and a new key to a gateway, through a whole hub with its own broker and its rules. */
class TransferTest {

  private static final String SESSION = "5e5510";

  private final byte[] content = new byte[1 << 20];
  private final BlockingQueue<byte[]> blocks = new LinkedBlockingQueue<>();

  @Test
  void aFileComesInBlocksOnTheSecondConnectionAndNowhereElse(@TempDir Path folder)
      throws Exception {
    new Random(1).nextBytes(content);
    try (TestHub hub = new TestHub(folder)) {
      String password = hub.enrol("gw-1");
      FakeGateway gateway = FakeGateway.born(hub.mqtt(), "gw-1", password);
      deploy(hub);
      DeploymentDocument document = desired(gateway, key(hub));
      Artifact.File file = document.artifacts().get(0).files().get(0);
      Source.Blocks source = document.source(file).blocks().orElseThrow();
      BlockList list = BlockList.parse(whole(gateway, source.listSha256()));
      assertThat(list.size()).isEqualTo(content.length);

      MqttClient second = second(hub, "gw-1", password);
      BitSet all = new BitSet();
      all.set(0, list.count());
      BlockRequest request =
          new BlockRequest(file.sha256(), source.listSha256(), SESSION, 1, 0, all);
      assertThat(gateway.ask(BlockRequest.APP, request.toRequest()).code()).isEqualTo(200);

      ByteArrayOutputStream came = new ByteArrayOutputStream();
      while (came.size() < content.length) {
        byte[] message = blocks.poll(30, TimeUnit.SECONDS);
        assertThat(message).as("blocks within 30 s").isNotNull();
        for (BlockData.Block block : BlockData.blocks(message, list)) {
          byte[] bytes = new byte[block.bytes().remaining()];
          block.bytes().get(bytes);
          came.writeBytes(bytes);
        }
      }
      assertThat(came.toByteArray()).isEqualTo(content);
      assertThat(gateway.hearsNothingFor(200)).as("the first connection hears no block").isTrue();
      Reply wrong =
          gateway.ask(
              BlockRequest.APP,
              new Request(Method.GET, file.sha256() + "/blocks", Map.of(), new byte[0]));
      assertThat(wrong.code()).isEqualTo(400);
      second.disconnectForcibly(0, 50);
      second.close(true);

      String other = hub.enrol("gw-2");
      assertThatThrownBy(() -> second(hub, "gw-2", other)).isInstanceOf(MqttException.class);
      gateway.close();
    }
  }

  @Test
  void aNewKeyIsToldToGatewaysAndWhatWasDeployedIsSignedWithIt(@TempDir Path folder)
      throws Exception {
    new Random(1).nextBytes(content);
    try (TestHub hub = new TestHub(folder)) {
      FakeGateway gateway = FakeGateway.born(hub.mqtt(), "gw-1", hub.enrol("gw-1"));
      deploy(hub);
      PublicKey old = key(hub);
      DeploymentDocument before = desired(gateway, old);

      TestHub.Answer rotated = hub.post("/api/v1/keys/rotate", "");
      assertThat(rotated.status()).isEqualTo(201);

      FakeGateway.Heard told = gateway.hear();
      while (!told.topic().endsWith("/TWIN-V1/PUT/keys")) {
        told = gateway.hear();
      }
      KeyChange change =
          KeyChange.verify(SignedEnvelope.parse(told.payload().body()), List.of(old));
      assertThat(change.trust()).isEqualTo(key(hub)).isNotEqualTo(old);
      JsonNode changes = hub.get("/api/v1/keys").json().get("changes");
      assertThat(changes).hasSize(1);
      assertThat(changes.get(0).get("from").asText()).isEqualTo(Keys.id(old));

      assertThat(desired(gateway, key(hub))).isEqualTo(before);
      hub.restart();
      gateway.close();
      FakeGateway back = FakeGateway.born(hub.mqtt(), "gw-1", hub.enrol("gw-1"));
      Reply keys = back.ask("TWIN-V1", new Request(Method.GET, "keys", Map.of(), new byte[0]));
      String first = Fields.parse("keys", keys.body()).texts("changes").get(0);
      assertThat(KeyChange.parse(SignedEnvelope.parse(first.getBytes(StandardCharsets.UTF_8))))
          .isEqualTo(change);
      back.close();
    }
  }

  private void deploy(TestHub hub) throws Exception {
    JsonNode file =
        hub.send(hub.request("/api/v1/files").POST(BodyPublishers.ofByteArray(content)).build())
            .json();
    String artifact =
        """
        {"kind": "BUNDLE", "name": "driver", "version": "1",
         "files": [{"path": "bundle.jar", "sha256": "%s"}]}
        """
            .formatted(file.get("sha256").asText());
    assertThat(hub.post("/api/v1/artifacts", artifact).status()).isEqualTo(201);
    String deployment =
        """
        {"gateway": "gw-1", "artifacts": [{"kind": "BUNDLE", "name": "driver", "version": "1"}]}
        """;
    assertThat(hub.post("/api/v1/deployments", deployment).status()).isEqualTo(201);
  }

  private static PublicKey key(TestHub hub) throws Exception {
    return Keys.publicKey(hub.get("/api/v1/keys").json().get("publicKey").asText());
  }

  private static DeploymentDocument desired(FakeGateway gateway, PublicKey key) throws Exception {
    Reply reply = gateway.ask("TWIN-V1", new Request(Method.GET, "desired", Map.of(), new byte[0]));
    return DeploymentDocument.verify(SignedEnvelope.parse(reply.body()), List.of(key));
  }

  private static byte[] whole(FakeGateway gateway, String sha256) throws Exception {
    Map<String, Value> all = Map.of("offset", Value.of(0L), "length", Value.of(65_536L));
    return gateway.ask(BlockRequest.APP, new Request(Method.GET, sha256, all, new byte[0])).body();
  }

  /** Listens where the blocks of gw-1 come. */
  private MqttClient second(TestHub hub, String id, String password) throws MqttException {
    MqttClient client = new MqttClient(hub.mqtt(), id + "/files", new MemoryPersistence());
    client.setTimeToWait(30_000);
    MqttConnectOptions options = new MqttConnectOptions();
    options.setUserName(id);
    options.setPassword(password.toCharArray());
    client.connect(options);
    IMqttMessageListener listener = (topic, message) -> blocks.add(message.getPayload());
    client.subscribe(KuraTopic.files(FakeGateway.ACCOUNT, "gw-1", SESSION), 0, listener);
    return client;
  }
}
