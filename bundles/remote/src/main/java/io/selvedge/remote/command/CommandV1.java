package io.selvedge.remote.command;

import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notification.Status;
import io.selvedge.api.uplink.Notifier;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.remote.Answers;
import io.selvedge.remote.Wanted;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The application {@code CMD-V1}: programs of the machine. It is not there as long as it is not
 * configured, and runs only what its list allows: no shell, so long, with so much output.
 */
@Component(
    property = "app.id=" + CommandV1.APP,
    configurationPid = "io.selvedge.remote.command",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CommandConfig.class)
public final class CommandV1 implements RequestHandler {

  static final String APP = "CMD-V1";

  /** The downlink answers one request after the other. */
  private static final int MOST_SECONDS_BEFORE_REPLY = 5;

  /** The configuration. */
  record Rules(
      List<String> allow,
      Set<String> environment,
      String password,
      int longestSeconds,
      int outputBytes) {}

  /** What a pipe takes though nobody reads. */
  private static final int MOST_STDIN = 65_536;

  private final AllowList allowed;
  private final Rules rules;
  private final File directory;
  private final Events events;
  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          run -> new Thread(run, "selvedge-command"));

  @Activate
  public CommandV1(
      BundleContext context, @Reference(name = "events") Events events, CommandConfig config) {
    this(
        new File(context.getProperty("selvedge.data")),
        events,
        new Rules(
            List.of(config.allow()),
            Set.of(config.environment()),
            config._password(),
            config.longest_seconds(),
            config.output_kib() * 1024));
  }

  CommandV1(File directory, Events events, Rules rules) {
    this.directory = directory;
    this.events = events;
    this.rules = rules;
    allowed = new AllowList(rules.allow());
  }

  @Deactivate
  void stop() {
    executor.shutdownNow();
  }

  @Override
  public Reply handle(Request request) {
    return handle(request, nobody -> {});
  }

  @Override
  public Reply handle(Request request, Notifier notifier) {
    if (request.method() != Request.Method.EXEC || !request.resource().equals("command")) {
      return Answers.unknown(APP, request, "EXEC command");
    }
    Wanted wanted = new Wanted(request);
    requirePassword(wanted);
    if (request.body().length > 0) {
      throw new IllegalArgumentException(
          "body of ["
              + request.body().length
              + "] bytes is not taken: this gateway unpacks no archives; leave it out");
    }
    Run run = run(wanted);
    int seconds = (int) wanted.whole("command.timeout", MOST_SECONDS_BEFORE_REPLY, 1, 86_400);
    if (wanted.flag("command.run.async", false)) {
      return later(run, Math.min(seconds, rules.longestSeconds()), notifier);
    }
    return reply(perform(run, Math.min(seconds, MOST_SECONDS_BEFORE_REPLY)));
  }

  private void requirePassword(Wanted wanted) {
    byte[] given = bytes(wanted.text("command.password").orElse(""));
    if (!rules.password().isEmpty() && !MessageDigest.isEqual(given, bytes(rules.password()))) {
      report(Severity.WARNING, "command.wrong_password", "a command came with a wrong password");
      throw new IllegalArgumentException("metric [command.password] is missing or wrong");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Run run(Wanted wanted) {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; wanted.text("command.argument" + i).isPresent(); i++) {
      arguments.add(wanted.need("command.argument" + i));
    }
    List<String> command = allowed.require(wanted.need("command.command"), arguments);
    Map<String, String> set = new TreeMap<>();
    for (int i = 0; wanted.text("command.environment.pair" + i).isPresent(); i++) {
      String[] pair = wanted.need("command.environment.pair" + i).split("=", 2);
      if (pair.length != 2 || !rules.environment().contains(pair[0])) {
        throw new IllegalArgumentException(
            "environment ["
                + pair[0]
                + "] is not allowed on this gateway; allowed are "
                + rules.environment().stream().sorted().toList());
      }
      set.put(pair[0], pair[1]);
    }
    File where = wanted.text("command.working.directory").map(File::new).orElse(directory);
    if (!where.isAbsolute() || !where.isDirectory()) {
      throw new IllegalArgumentException(
          "metric [command.working.directory] is ["
              + where
              + "]; it must be a directory's whole"
              + " path");
    }
    String stdin = wanted.text("command.stdin").orElse("");
    if (bytes(stdin).length > MOST_STDIN) {
      throw new IllegalArgumentException(
          "metric [command.stdin] holds ["
              + bytes(stdin).length
              + "] bytes; it may hold "
              + MOST_STDIN);
    }
    return new Run(command, set, where, stdin);
  }

  private Reply later(Run run, int seconds, Notifier notifier) {
    try {
      executor.execute(() -> tell(perform(run, seconds), notifier));
      return Reply.ok();
    } catch (RejectedExecutionException e) {
      return Reply.error(500, "another command runs; ask again when it has ended");
    }
  }

  private void tell(Optional<Run.Result> result, Notifier notifier) {
    boolean done = result.filter(one -> !one.timedOut()).isPresent();
    notifier.send(
        new Notification(
            "command",
            done ? Status.COMPLETED : Status.FAILED,
            done ? 100 : 0,
            result.isEmpty() ? "it could not be run" : done ? "" : "it took too long",
            result.map(CommandV1::metrics).orElse(Map.of())));
  }

  /** Empty where it could not be run. */
  private Optional<Run.Result> perform(Run run, int seconds) {
    // Neither arguments nor environment are told: they may hold secrets, and the diary travels.
    String what = run.command().get(0) + "] with [" + (run.command().size() - 1) + " arguments";
    try {
      Run.Result result = run.run(seconds, rules.outputBytes());
      report(
          Severity.INFO,
          "command.run",
          "command ["
              + what
              + (result.timedOut()
                  ? "] was ended after [" + seconds + " s]"
                  : "] was run from afar")
              + ", exit code ["
              + result.exit()
              + "]");
      return Optional.of(result);
    } catch (IOException e) {
      report(Severity.WARNING, "command.not_run", "command [" + what + "]: " + e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Reply reply(Optional<Run.Result> result) {
    return result.isEmpty()
        ? Reply.error(500, "the command could not be run; the gateway's diary says why")
        : new Reply(200, "", metrics(result.get()), new byte[0]);
  }

  private static Map<String, Value> metrics(Run.Result result) {
    return Map.of(
        "command.exit.code", Value.of((long) result.exit()),
        "command.stdout", Value.of(result.stdout()),
        "command.stderr", Value.of(result.stderr()),
        "command.timedout", Value.of(result.timedOut()));
  }

  private void report(Severity severity, String code, String message) {
    events.report(severity, "remote/CMD-V1", code, message);
  }
}
