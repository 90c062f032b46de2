package io.selvedge.mqtt;

import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.LinkReason;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator, once each: a reason why there is no connection is told when it first comes up
 * and again only after a connection.
 */
final class Reporter {

  private static final Logger log = LoggerFactory.getLogger(Reporter.class);
  private static final String SOURCE = "uplink";

  private final Supplier<Optional<Events>> events;
  private final Set<String> told = new HashSet<>();

  Reporter(Supplier<Optional<Events>> events) {
    this.events = events;
  }

  synchronized void up(URI endpoint) {
    told.clear();
    report(Severity.INFO, "uplink.connected", "Connected to the hub's broker [" + endpoint + "]");
  }

  synchronized void down(String reason) {
    if (told.add(reason)) {
      report(
          Severity.WARNING,
          "uplink.disconnected",
          "No connection to the hub: " + reason + ". Messages wait in the outbox");
    } else {
      log.debug("No connection to the hub: {}", reason);
    }
  }

  /** The connection is made anew, and nothing is wrong. */
  void renewing(URI endpoint, String reason) {
    report(
        Severity.INFO,
        "uplink.renewed",
        "Connection to [" + endpoint + "] is made anew: " + reason);
  }

  void certificate(String what) {
    report(Severity.WARNING, "uplink.certificate_expires", what);
  }

  synchronized void problem(String what) {
    if (told.add(what)) {
      report(Severity.WARNING, "outbox.problem", what);
    }
  }

  /** The link is something else than before. */
  void link(LinkReason now) {
    report(
        Severity.INFO,
        "uplink.link",
        "Link to the hub is now [" + LinkSwitch.word(now.state()) + "]: " + now.text());
  }

  void ledger(String what) {
    report(Severity.WARNING, "ledger.problem", what);
  }

  void refused(String setting) {
    report(Severity.WARNING, "uplink.setting_refused", setting);
  }

  void damaged(String what) {
    report(Severity.WARNING, "outbox.damaged", what);
  }

  void deadLetter(long record, String why) {
    report(Severity.WARNING, "outbox.dead_letter", "Message [" + record + "] is not sent: " + why);
  }

  void warn(String what) {
    log.warn("{}", what);
  }

  private boolean inDiary(Severity severity, String code, String message) {
    try {
      Optional<Events> diary = events.get();
      diary.ifPresent(found -> found.report(severity, SOURCE, code, message));
      return diary.isPresent();
    } catch (RuntimeException e) { // who hears of the connection must not end it
      log.warn("Event [{}] met an error", code, e);
      return false;
    }
  }

  private void report(Severity severity, String code, String message) {
    if (inDiary(severity, code, message)) {
      return;
    }
    if (severity == Severity.INFO) {
      log.info("{}", message);
    } else {
      log.warn("{}", message);
    }
  }
}
