package io.selvedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevivalTest {

  private Duration silent = Duration.ofSeconds(5);
  private int inVain = Revival.IN_VAIN;
  private boolean ended;
  private int asked;
  private final Deque<Boolean> answers = new ArrayDeque<>();
  private final List<Duration> waits = new ArrayList<>();

  private boolean isOutrun() throws InterruptedException {
    Revival revival =
        new Revival(
            () -> silent,
            () -> inVain,
            patience -> {
              asked++;
              return answers.isEmpty() ? false : answers.remove();
            },
            time -> {
              waits.add(time);
              return ended;
            });
    return revival.isOutrun();
  }

  @Test
  void givesUpWhereANewConnectionIsAnsweredAndTheOldOneIsNot() throws Exception {
    answers.addAll(List.of(false, false, true));
    assertThat(isOutrun()).isTrue();
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void waitsWhileNobodyAnswersButNotForEver() throws Exception {
    assertThat(isOutrun()).isFalse();
    assertThat(asked).isEqualTo(5);
    assertThat(waits).as("refused at once, each time").hasSize(5).doesNotContain(Duration.ZERO);
  }

  @Test
  void asksNobodyWhileSomethingComesOrNothingIsSentInVain() throws Exception {
    silent = Revival.SILENCE;
    assertThat(isOutrun()).isFalse();
    silent = Duration.ofMinutes(1);
    inVain = Revival.IN_VAIN - 1;
    assertThat(isOutrun()).as("an idle link, or a slow one").isFalse();
    assertThat(asked).isZero();
  }

  @Test
  void staysWhereTheOldConnectionCameBackMeanwhile() throws Exception {
    Revival revival =
        new Revival(
            () -> silent,
            () -> inVain,
            patience -> true,
            time -> {
              inVain = 0;
              return false;
            });
    assertThat(revival.isOutrun()).isFalse();
  }

  @Test
  void endsWithTheConnection() throws Exception {
    answers.add(true);
    ended = true;
    assertThat(isOutrun()).isFalse();
  }

  @Test
  void readsWhatLinuxTells() {
    List<String> lines =
        List.of(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
            "   0: 0100007F:075B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0",
            "   1: 0100007F:C350 0100007F:075B 01 00000010:00000000 01:0000031A 0000000B     0",
            "   2: 0100007F:C351 0100007F:075B 01 00000000:00000000 00:00000000 odd     0",
            "   3: damaged");
    assertThat(Retransmissions.in(lines, 50_000, 1883)).isEqualTo(11);
    assertThat(Retransmissions.in(lines, 1883, 0)).isZero();
    assertThat(Retransmissions.in(lines, 50_001, 1883)).isNegative();
    assertThat(Retransmissions.in(lines, 4711, 1883)).isNegative();
  }

  @Test
  void aConnectionThatWorksSendsNothingInVain() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "not Linux");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket other = server.accept()) {
      socket.getOutputStream().write(1);
      assertThat(other.getInputStream().read()).isEqualTo(1);
      assertThat(Retransmissions.of(socket)).isZero();
    }
  }
}
