package io.selvedge.bench.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.bench.uplink.MqttPackets.Packet;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MqttPacketsTest {

  private static Packet read(byte[] bytes) throws IOException {
    return MqttPackets.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @Test
  void readsWhatItWrote() throws IOException {
    byte[] bytes = MqttPackets.publish("a/b", 65535, new byte[300]);
    Packet packet = read(bytes);
    assertThat(packet.type()).isEqualTo(MqttPackets.PUBLISH);
    assertThat(packet.qos()).isEqualTo(1);
    assertThat(packet.topic()).isEqualTo("a/b");
    assertThat(packet.id()).isEqualTo(65535);
    assertThat(packet.payload()).hasSize(300);
    assertThat(packet.bytes()).isEqualTo(bytes);
  }

  /** The packet of MQTT 3.1.1, 3.1, without user and will. */
  @Test
  void connectsAsTheStandardDrawsIt() {
    assertThat(MqttPackets.connect("x"))
        .containsExactly(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'x');
  }

  @Test
  void saysThatAConnectionHasEnded() {
    assertThatThrownBy(() -> read(new byte[] {0x40, 2, 0})).isInstanceOf(EOFException.class);
  }
}
