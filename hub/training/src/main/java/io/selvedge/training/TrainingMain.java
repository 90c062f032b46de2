package io.selvedge.training;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The training process: one job, then it ends. */
@Command(
    name = "selvedge-training",
    mixinStandardHelpOptions = true,
    version = "selvedge-training, a part of Selvedge",
    sortOptions = false,
    description = "Trains a model on labelled rows and writes it as ONNX with its manifest.",
    footer = {
      "",
      "Writes model.onnx, model.json and report.json. Progress goes to stdout.",
      "Exit: 0 done; 1 not done, the last line of stderr is: error CODE MESSAGE.",
      "",
      "Environment:",
      "  DJL_CACHE_DIR         folder that keeps PyTorch's natives, 450 MB, unpacked once",
      "  PYTORCH_LIBRARY_PATH  folder where they are already; nothing is unpacked then",
      "  OMP_NUM_THREADS=1     set it: more threads make small networks slower"
    })
public final class TrainingMain implements Callable<Integer> {

  @Option(names = "--job", required = true, paramLabel = "FILE", description = "job.json")
  private Path job = Path.of("");

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "where to write to")
  private Path out = Path.of("");

  private final PrintStream stdout;
  private final PrintStream stderr;

  private TrainingMain(PrintStream stdout, PrintStream stderr) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** See {@code --help}. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, args));
  }

  /** As {@link #main}, without ending the process. */
  static int run(PrintStream out, PrintStream err, String... args) {
    return new CommandLine(new TrainingMain(out, err))
        .setOut(new java.io.PrintWriter(out, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(
            (e, given) -> {
              err.println("error training.malformed_arguments " + e.getMessage() + "; see --help");
              return 1;
            })
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              e.printStackTrace(err);
              err.println("error training.internal " + oneLine(e) + "; report this with the job");
              return 1;
            })
        .execute(args);
  }

  @Override
  public Integer call() {
    try {
      DjlSettings.requireCache();
      new Training(Job.read(job), new Progress(stdout, 0, 1)).run(out);
      return 0;
    } catch (TrainingException e) {
      return error(e.code() + " " + oneLine(e));
    } catch (IOException e) {
      return error("training.cannot_write [" + e + "]; --out must be a folder with room in it");
    } catch (EngineException | LinkageError e) {
      e.printStackTrace(stderr);
      return error(
          "training.no_engine PyTorch does not start: ["
              + oneLine(e)
              + "]; it needs Linux with glibc on x86-64 or ARMv8.1, and 450 MB in DJL_CACHE_DIR");
    }
  }

  private int error(String line) {
    stderr.println("error " + line);
    return 1;
  }

  private static String oneLine(Throwable e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }
}
