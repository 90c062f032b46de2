package io.selvedge.hardware.checks;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.hardware.Rig;
import io.selvedge.hardware.host.Rest.Answer;
import io.selvedge.hardware.vm.Userland;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the gateway is on this architecture: its Java, and whether there are models. */
public final class Architecture {

  /** The fifth byte of a program: of 32 or of 64 bits. */
  private static final Map<Userland, String> ELF_CLASS =
      Map.of(Userland.armhf, "1", Userland.arm64, "2");

  private static final long LOOK_MILLIS = 200;

  private Architecture() {}

  /** The gateway's process is a program of the architecture that is to be tested. */
  public static String java(Rig rig) throws IOException {
    String pid = rig.gateway().pid();
    String seen =
        rig.agent().run("head -c 5 /proc/" + pid + "/exe | tail -c 1 | od -An -tu1 | tr -d ' '");
    if (!seen.equals(ELF_CLASS.get(rig.userland()))) {
      throw new IOException(
          "its Java is of ELF class [" + seen + "], wanted is that of " + rig.userland());
    }
    return rig.userland() + ", " + rig.agent().run("readlink /proc/" + pid + "/exe");
  }

  /** Each bundle runs, also those whose natives are not there for this architecture. */
  public static String bundles(Rig rig) throws IOException, InterruptedException {
    return soon(() -> ready(rig));
  }

  /** ONNX Runtime has natives of 64 bits only: elsewhere its absence is told, and nothing else. */
  public static String models(Rig rig) throws IOException, InterruptedException {
    return soon(() -> modelsOrWhyNot(rig));
  }

  private interface Look {
    String look() throws IOException, InterruptedException;
  }

  /** On a machine that is busy a health check may take too long once, and more often. */
  private static String soon(Look look) throws IOException, InterruptedException {
    long until = System.nanoTime() + Reading.PATIENCE.toNanos();
    while (true) {
      try {
        return look.look();
      } catch (IOException e) {
        if (System.nanoTime() > until) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    }
  }

  private static String ready(Rig rig) throws IOException, InterruptedException {
    Answer ready = rig.gateway().rest().get("/health/ready");
    List<String> bad = new ArrayList<>();
    for (JsonNode check : ready.body().path("checks")) {
      if (!check.path("ok").asBoolean()) {
        bad.add(check.path("name").asText() + ": " + check.path("message").asText());
      }
    }
    if (ready.status() != 200 || !bad.isEmpty()) {
      throw new IOException("it is not ready: " + bad);
    }
    return ready.body().path("checks").size() + " checks";
  }

  private static String modelsOrWhyNot(Rig rig) throws IOException, InterruptedException {
    Answer models = rig.gateway().rest().get("/api/models");
    String log =
        rig.agent()
            .attempt("grep -h \"no models on\" /home/gateway/instance/log/gateway.log")
            .output()
            .strip();
    boolean there = rig.userland() == Userland.arm64;
    if (models.status() != (there ? 200 : 503) || log.isEmpty() != there) {
      throw new IOException(
          "/api/models answers [" + models + "], and the log says [" + log + "] of models");
    }
    return there ? "the engine is there" : log.replaceFirst("^.*no models on", "no models on");
  }
}
