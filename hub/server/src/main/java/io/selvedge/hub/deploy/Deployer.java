package io.selvedge.hub.deploy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.hub.link.Asker;
import io.selvedge.hub.store.Deployment;
import io.selvedge.hub.store.Deployment.Delivery;
import io.selvedge.hub.store.Deployments;
import io.selvedge.hub.store.Deployments.Base;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Target;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues deployments: what a gateway shall run, all of it, signed, with a rising revision and an
 * expiry. Sends each at once and again whenever the gateway asks. Thread-safe.
 */
public final class Deployer {

  private static final Logger log = LoggerFactory.getLogger(Deployer.class);
  private static final Duration VALID = Duration.ofDays(30);
  // A gateway must be able to fetch what it gets: so old a one is issued anew when it asks.
  private static final Duration LEAST_LEFT = Duration.ofDays(1);

  /** An artifact's place in a deployment. */
  public record Slot(Artifact.Kind kind, String name) {}

  /**
   * What shall be other than before.
   *
   * @param terms empty: those of what has not proved itself yet go on
   */
  public record Change(List<Artifact> added, Collection<Slot> removed, Optional<Terms> terms) {

    static final Change NONE = new Change(List.of(), List.of(), Optional.empty());

    List<Artifact> apply(List<Artifact> current) {
      Map<String, Artifact> wanted = new TreeMap<>();
      current.forEach(one -> wanted.put(key(one.kind(), one.name()), one));
      removed.forEach(one -> wanted.remove(key(one.kind(), one.name())));
      added.forEach(one -> wanted.put(key(one.kind(), one.name()), one));
      return new ArrayList<>(wanted.values());
    }

    private static String key(Artifact.Kind kind, String name) {
      return kind + "/" + name;
    }
  }

  /**
   * A revision that was issued and not sent yet.
   *
   * @param base what the gateway should run before
   */
  public record Issued(Deployment deployment, List<Artifact> base) {}

  /** Reaches gateways. */
  @FunctionalInterface
  public interface Downlink {
    /** Asks a gateway; the reply comes later, or never. */
    void ask(String gateway, String app, Request request, Asker asker);
  }

  private final Deployments deployments;
  private final Sources sources;
  private final Supplier<KeyPair> key;
  private final Downlink downlink;
  private final Clock clock;

  public Deployer(
      Deployments deployments,
      Sources sources,
      Supplier<KeyPair> key,
      Downlink downlink,
      Clock clock) {
    this.deployments = deployments;
    this.sources = sources;
    this.key = key;
    this.downlink = downlink;
    this.clock = clock;
  }

  /**
   * Changes what a gateway shall run: what is added replaces what has its kind and name, everything
   * else stays as it is. What is on trial stays on trial.
   */
  public Deployment deploy(String gateway, List<Artifact> added, Collection<Slot> removed) {
    return deploy(gateway, new Change(added, removed, Optional.empty()));
  }

  /** The same with terms of its own. */
  public Deployment deploy(String gateway, Change change) {
    Deployment deployment = deployments.issue(gateway, base -> next(gateway, base, change));
    log.info(
        "Deployment {} issued for gateway {}: {} artifacts",
        deployment.revision(),
        gateway,
        artifacts(deployment).size());
    send(deployment);
    return deployment;
  }

  /**
   * Signs one document for a whole group: all that its gateways shall run, whatever they ran
   * before. Sent to those that are of it as far as the hub knows; each gateway knows by itself
   * whether it is.
   *
   * @return one for each member
   */
  public List<Deployment> deploy(
      String group, Collection<String> members, List<Artifact> artifacts, Terms terms) {
    List<Artifact> all = new Change(artifacts, List.of(), Optional.of(terms)).apply(List.of());
    List<Deployment> issued =
        deployments.issue(members, revision -> sign(Target.group(group), revision, all, terms));
    log.info(
        "Deployment {} issued for group {}: {} artifacts, {} gateways",
        issued.get(0).revision(),
        group,
        all.size(),
        issued.size());
    issued.forEach(this::send);
    return issued;
  }

  /**
   * The same within a transaction of the caller's, who must sync the store after its end and send
   * the deployment then.
   */
  public Issued issue(Handle h, String gateway, Change change) {
    List<Artifact> before = new ArrayList<>();
    Deployment deployment =
        deployments.issue(
            h,
            gateway,
            base -> {
              base.deployment().map(Deployer::artifacts).ifPresent(before::addAll);
              return next(gateway, base, change);
            });
    return new Issued(deployment, before);
  }

  /** The newest envelope, for a gateway that asks; issued anew where it is about to expire. */
  public Optional<Deployment> fetch(String gateway) {
    Optional<Deployment> newest = deployments.newest(gateway);
    if (newest.isEmpty()) {
      return newest;
    }
    boolean tooOld = clock.instant().plus(LEAST_LEFT).isAfter(newest.get().expires());
    Deployment fetched =
        tooOld
            ? deployments.issue(gateway, base -> next(gateway, base, Change.NONE))
            : newest.get();
    if (fetched.delivery() == Delivery.ISSUED) {
      deployments.delivered(gateway, fetched.revision(), Delivery.TAKEN, "");
    }
    return Optional.of(fetched);
  }

  /** What gateways get: signed with the key of now, whichever it was issued with. */
  byte[] envelope(Deployment deployment) {
    byte[] stored = deployment.envelope().getBytes(StandardCharsets.UTF_8);
    KeyPair now = key.get();
    try {
      SignedEnvelope envelope = SignedEnvelope.parse(stored);
      boolean signed =
          envelope.signatures().stream()
              .anyMatch(one -> one.keyId().equals(Keys.id(now.getPublic())));
      return signed
          ? stored
          : SignedEnvelope.sign(envelope.payloadType(), envelope.payload(), now).toJson();
    } catch (DeploymentException e) {
      throw new IllegalStateException("stored deployment is not readable", e);
    }
  }

  public Optional<Deployment> newest(String gateway) {
    return deployments.newest(gateway);
  }

  /** The same, within a transaction. */
  public Optional<Deployment> newest(Handle h, String gateway) {
    return deployments.newest(h, gateway);
  }

  /** Whether the gateway has heard of none from that revision on, as far as the hub knows. */
  public boolean unheard(Handle h, String gateway, long revision) {
    return deployments.unheard(h, gateway, revision);
  }

  /** What it names. */
  public static List<Artifact> artifacts(Deployment deployment) {
    return document(deployment).artifacts();
  }

  private static DeploymentDocument document(Deployment deployment) {
    try {
      return DeploymentDocument.parse(deployment.document().getBytes(StandardCharsets.UTF_8));
    } catch (DeploymentException e) {
      throw new IllegalStateException("stored deployment is not readable", e);
    }
  }

  private Deployment next(String gateway, Base base, Change change) {
    Optional<DeploymentDocument> before = base.deployment().map(Deployer::document);
    Terms kept =
        before
            .filter(one -> !base.proved())
            .map(one -> Terms.of(one, base.deployment().get().rollout()))
            .orElse(Terms.NONE);
    List<Artifact> current = before.map(DeploymentDocument::artifacts).orElse(List.of());
    return sign(
        Target.gateway(gateway),
        base.revision() + 1,
        change.apply(current),
        change.terms().orElse(kept));
  }

  private Deployment sign(Target target, long revision, List<Artifact> artifacts, Terms terms) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    DeploymentDocument document =
        new DeploymentDocument(
            target,
            revision,
            now,
            now.plus(VALID),
            terms.minimumRuntime(),
            terms.rollout().map(id -> "r-" + id),
            terms.window(),
            artifacts,
            sources.of(artifacts),
            terms.trial());
    byte[] bytes = document.toJson();
    SignedEnvelope envelope =
        SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, bytes, key.get());
    return new Deployment(
        target.name(),
        revision,
        document.issued(),
        document.expires(),
        new String(bytes, StandardCharsets.UTF_8),
        new String(envelope.toJson(), StandardCharsets.UTF_8),
        Delivery.ISSUED,
        "",
        terms.rollout());
  }

  /** Sends it; one that the gateway has already changes nothing there. */
  public void send(Deployment deployment) {
    byte[] envelope = envelope(deployment);
    Request request = new Request(Method.PUT, "desired", Map.of(), envelope);
    downlink.ask(
        deployment.gateway(),
        HubRequests.TWIN,
        request,
        new Asker() {
          @Override
          public void replied(Reply reply) {
            if (reply.code() == 200) {
              deployments.delivered(
                  deployment.gateway(), deployment.revision(), Delivery.TAKEN, reply.message());
            } else {
              refused(deployment, reply.message());
            }
          }

          @Override
          public void told(Notification notification) {
            if (notification.status() == Notification.Status.FAILED) {
              refused(deployment, notification.message());
            }
          }
        });
  }

  private void refused(Deployment deployment, String why) {
    deployments.delivered(deployment.gateway(), deployment.revision(), Delivery.REFUSED, why);
    log.warn(
        "Gateway {} refused deployment {}: {}", deployment.gateway(), deployment.revision(), why);
  }
}
