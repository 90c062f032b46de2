package io.selvedge.sparkplug;

import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator, once each: a reason is told when it first comes up, and again only after a
 * session has begun.
 */
final class Reporter {

  private static final Logger log = LoggerFactory.getLogger(Reporter.class);
  private static final String SOURCE = "sparkplug";
  private static final int MOST_TOLD = 100;

  private final Events events;
  private final Set<String> told = new HashSet<>();

  Reporter(Events events) {
    this.events = events;
  }

  synchronized void up(URI endpoint) {
    told.clear();
    report(
        Severity.INFO,
        "sparkplug.connected",
        "Sparkplug: connected to [" + endpoint + "], node and devices are born");
  }

  void down(String reason) {
    once(
        Severity.WARNING,
        "sparkplug.disconnected",
        "Sparkplug: no session: " + reason + ". Messages wait in the outbox");
  }

  void waiting(String host) {
    once(
        Severity.WARNING,
        "sparkplug.waiting",
        "Sparkplug: the primary host [" + host + "] is not online; messages wait in the outbox");
  }

  void problem(String what) {
    once(Severity.WARNING, "sparkplug.problem", what);
  }

  void ledger(String what) {
    report(Severity.WARNING, "sparkplug.problem", "Sparkplug: " + what);
  }

  void commandRefused(String why) {
    once(Severity.WARNING, "sparkplug.command_refused", "Sparkplug: " + why);
  }

  void deadLetter(long record, String why) {
    once(
        Severity.WARNING,
        "sparkplug.dead_letter",
        "Sparkplug: record [" + record + "] is a dead letter: " + why);
  }

  void refused(String setting) {
    report(Severity.WARNING, "sparkplug.setting_refused", setting);
  }

  /** Called on the outbox's thread. */
  void damaged(String what) {
    report(Severity.ERROR, "sparkplug.outbox_damaged", what);
  }

  /** Hosts write what they like: what is told in one session is bounded. */
  private synchronized void once(Severity severity, String code, String message) {
    if (told.size() < MOST_TOLD && told.add(message)) {
      report(severity, code, message);
    } else {
      log.debug("{}: {}", code, message);
    }
  }

  private void report(Severity severity, String code, String message) {
    events.report(severity, SOURCE, code, message);
  }
}
