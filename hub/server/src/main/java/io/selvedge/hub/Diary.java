package io.selvedge.hub;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's diary: {@code log/hub.log} in the data directory, a new file a day or at 10 MB,
 * 100 MB in all. What must be seen at once goes to the console as well (logback.xml).
 */
final class Diary implements AutoCloseable {

  private final Runnable detach;

  private Diary(Runnable detach) {
    this.detach = detach;
  }

  static Diary open(Path directory) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    return factory instanceof LoggerContext context
        ? attach(context, directory)
        : new Diary(() -> {}); // another back end is on the class path: who put it there decides
  }

  private static Diary attach(LoggerContext context, Path directory) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0}: %msg%n");
    encoder.start();

    RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
    rolling.setContext(context);
    rolling.setParent(file);
    rolling.setFileNamePattern(directory + "/hub-%d{yyyy-MM-dd}.%i.log");
    rolling.setMaxFileSize(FileSize.valueOf("10MB"));
    rolling.setMaxHistory(60);
    rolling.setTotalSizeCap(FileSize.valueOf("100MB"));
    rolling.start();

    file.setContext(context);
    file.setName("DIARY");
    file.setFile(directory.resolve("hub.log").toString());
    file.setEncoder(encoder);
    file.setRollingPolicy(rolling);
    file.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(file);
    return new Diary(
        () -> {
          root.detachAppender(file);
          file.stop();
        });
  }

  @Override
  public void close() {
    detach.run();
  }
}
