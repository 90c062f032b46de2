package io.selvedge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowFilesCheckTest {

  @TempDir private Path directory;
  private volatile long now;
  private final EngineRig rig = new EngineRig();
  private final FlowFiles files = new FlowFiles(rig.engine, Optional.empty());

  @AfterEach
  void close() {
    rig.close();
  }

  private FlowFilesCheck check() {
    return new FlowFilesCheck(directory, () -> now);
  }

  @Test
  void aFileThatIsRefusedIsNamedWithTheReasonUntilItIsMended() throws Exception {
    FlowFilesCheck check = check();
    check.filesAre(files);
    assertThat(check.execute().getStatus()).as("no flows at all").isEqualTo(Result.Status.OK);

    File file = write("office.flow.yaml", "flow: office\n  version: [1\n");
    files.install(file);
    Result broken = check.execute();
    assertThat(broken.getStatus()).isEqualTo(Result.Status.WARN);
    assertThat(message(broken)).startsWith("[office.flow.yaml] ").contains("line 2");

    write("office.flow.yaml", "{\"flow\":\"office\",\"version\":\"1\",\"inputs\":{\"t\":\"a/t\"}}");
    files.update(file);
    assertThat(message(check.execute())).isEqualTo("flow files read: [office.flow.yaml]");

    files.install(write("office.flow.json", "{}"));
    assertThat(message(check.execute())).contains("[office.flow.json]", "holds the same flow");
    files.uninstall(new File("office.flow.json"));
    Files.delete(directory.resolve("office.flow.json"));
    assertThat(check.execute().getStatus()).isEqualTo(Result.Status.OK);
  }

  @Test
  void aFileThatNobodyReadsIsNamedTooAndKeepsNothingWaitingForLong() throws Exception {
    write("office.flow.json", "{}");
    write("notes.txt", "");
    FlowFilesCheck check = check();
    assertThat(check.execute().getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
    now = Duration.ofSeconds(10).toNanos();
    assertThat(check.execute().getStatus()).isEqualTo(Result.Status.WARN);
    assertThat(message(check.execute()))
        .isEqualTo(
            "[office.flow.json] is not read, because the flow engine is not there; see the log");
    check.filesAre(files);
    assertThat(message(check.execute())).isEqualTo("[office.flow.json] is not read yet");
  }

  private File write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toFile();
  }

  private static String message(Result result) {
    String last = "";
    for (var entry : result) {
      last = entry.getMessage();
    }
    return last;
  }
}
