package io.selvedge.remote.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.remote.FakeEvents;
import io.selvedge.remote.Golden;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandV1Test {

  @TempDir Path directory;
  private final FakeEvents events = new FakeEvents();
  private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();

  @SuppressWarnings("NullAway.Init") // made by each test
  private CommandV1 commands;

  private CommandV1 allow(String... allowed) {
    commands =
        new CommandV1(
            directory.toFile(),
            events,
            new CommandV1.Rules(List.of(allowed), Set.of("GREETING"), "", 20, 1024));
    return commands;
  }

  @AfterEach
  void stop() {
    commands.stop();
  }

  private Reply run(Object... metrics) {
    Map<String, Value> all = new TreeMap<>();
    for (int i = 0; i < metrics.length; i += 2) {
      Object value = metrics[i + 1];
      all.put(
          metrics[i].toString(),
          value instanceof Boolean flag
              ? Value.of(flag)
              : value instanceof Integer number
                  ? Value.of((long) number)
                  : Value.of(value.toString()));
    }
    return commands.handle(new Request(Method.EXEC, "command", all, new byte[0]), told::add);
  }

  private static String text(Reply reply, String metric) {
    Value value = reply.metrics().get(metric);
    return value == null ? "" : value.display();
  }

  @Test
  void theGoldenCommandIsAnsweredByteByByte() throws Exception {
    allow("/bin/echo **");
    Reply reply =
        commands.handle(Golden.request("CMD-V1", Method.EXEC, "command", "command"), told::add);
    assertThat(KuraCodec.encodePlain(Calls.payload(reply, Instant.parse("2015-02-02T14:19:00Z"))))
        .isEqualTo(Golden.bytes("command-reply"));
    assertThat(events.codes()).containsExactly("command.run");
  }

  @Test
  void onlyWhatIsAllowedRunsAndNothingOfAShell() {
    allow("/bin/echo hello", "/bin/ls *", "/bin/cat");
    assertThat(text(run("command.command", "echo", "command.argument0", "hello"), "command.stdout"))
        .isEqualTo("hello\n");
    for (List<String> wrong :
        List.of(
            List.of("/bin/rm"),
            List.of("/bin/sh", "-c", "id"),
            List.of("echo hello"),
            List.of("/bin/echo", "hello; id"),
            List.of("/bin/echo", "hello", "more"),
            List.of("/usr/local/bin/../../../bin/echo", "hello"),
            List.of("ls"),
            List.of("ls", "a", "b"))) {
      Object[] metrics = new Object[wrong.size() * 2];
      for (int i = 0; i < wrong.size(); i++) {
        metrics[2 * i] = i == 0 ? "command.command" : "command.argument" + (i - 1);
        metrics[2 * i + 1] = wrong.get(i);
      }
      assertThatIllegalArgumentException()
          .as(wrong.toString())
          .isThrownBy(() -> run(metrics))
          .withMessageContaining("is not allowed on this gateway; allowed are [/bin/echo hello");
    }
    assertThat(text(run("command.command", "ls", "command.argument0", "$(id)"), "command.stderr"))
        .contains("$(id)");
    assertThat(text(run("command.command", "cat", "command.stdin", "in"), "command.stdout"))
        .isEqualTo("in");
    assertThat(events.all.toString())
        .as("arguments may hold secrets")
        .contains("[/bin/ls] with [1 arguments] was run")
        .doesNotContain("$(id)", "hello");
  }

  @Test
  void theEnvironmentIsEmptyButForWhatIsAllowed() {
    allow("/usr/bin/env");
    Reply reply = run("command.command", "env", "command.environment.pair0", "GREETING=hi");
    assertThat(text(reply, "command.stdout").lines().sorted().toList())
        .containsExactly("GREETING=hi", "LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> run("command.command", "env", "command.environment.pair0", "LD_PRELOAD=x"))
        .withMessage(
            "environment [LD_PRELOAD] is not allowed on this gateway; allowed are [GREETING]");
  }

  @Test
  void whatTakesTooLongIsEndedWithItsChildren() {
    allow("/bin/sh -c *");
    Reply reply =
        run(
            "command.command", "/bin/sh",
            "command.argument0", "-c",
            "command.argument1", "echo begun; sleep 600 & echo $!; wait",
            "command.timeout", 5); // a busy machine may take seconds to begin it
    assertThat(reply.metrics())
        .containsEntry("command.timedout", Value.of(true))
        .containsEntry("command.exit.code", Value.of(-1L));
    List<String> said = text(reply, "command.stdout").lines().toList();
    assertThat(said.get(0)).isEqualTo("begun");
    long end = System.nanoTime() + 10_000_000_000L;
    while (ProcessHandle.of(Long.parseLong(said.get(1)))
        .filter(ProcessHandle::isAlive)
        .isPresent()) {
      assertThat(System.nanoTime()).as("its child has ended").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void outputIsBounded() {
    allow("/bin/sh -c *");
    Reply reply =
        run(
            "command.command", "sh",
            "command.argument0", "-c",
            "command.argument1", "head -c 300000 /dev/zero | tr '\\0' x; exit 3");
    assertThat(text(reply, "command.stdout"))
        .hasSize(1024 + "\n[cut off after 1024 bytes]\n".length())
        .endsWith("[cut off after 1024 bytes]\n");
    assertThat(reply.metrics()).containsEntry("command.exit.code", Value.of(3L));
  }

  @Test
  void whatRunsAsynchronouslyIsToldLater() throws Exception {
    allow("/bin/echo **");
    Reply reply =
        run("command.command", "echo", "command.argument0", "x", "command.run.async", true);
    assertThat(reply.code()).isEqualTo(200);
    Notification end = told.poll(30, TimeUnit.SECONDS);
    assertThat(end).isNotNull();
    if (end != null) {
      assertThat(end.type()).isEqualTo("command");
      assertThat(end.metrics()).containsEntry("command.stdout", Value.of("x\n"));
    }
  }

  @Test
  void aPasswordIsDemandedWhereThereIsOne() {
    commands =
        new CommandV1(
            directory.toFile(),
            events,
            new CommandV1.Rules(List.of("/bin/echo"), Set.of(), "geheim", 20, 1024));
    for (String wrong : List.of("", "Geheim", "geheim ")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> run("command.command", "echo", "command.password", wrong))
          .withMessage("metric [command.password] is missing or wrong");
    }
    assertThat(run("command.command", "echo", "command.password", "geheim").code()).isEqualTo(200);
    assertThat(events.codes())
        .containsExactly(
            "command.wrong_password",
            "command.wrong_password",
            "command.wrong_password",
            "command.run");
  }

  @Test
  void whatIsWrongIsNamed() {
    allow("/no/such/program");
    assertThat(run("command.command", "program").code()).isEqualTo(500);
    assertThat(events.codes()).containsExactly("command.not_run");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run())
        .withMessage("metric [command.command] is missing; add it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run("command.command", "program", "command.working.directory", "nowhere"))
        .withMessageContaining("must be a directory's whole path");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                commands.handle(
                    new Request(Method.EXEC, "command", Map.of(), new byte[] {1}), told::add))
        .withMessageContaining("unpacks no archives");
    assertThat(commands.handle(new Request(Method.GET, "command", Map.of(), new byte[0])).code())
        .isEqualTo(404);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> allow("uptime"))
        .withMessageContaining("allow [uptime] of io.selvedge.remote.command must begin with");
    allow();
  }
}
