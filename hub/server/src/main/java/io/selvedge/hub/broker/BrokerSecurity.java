package io.selvedge.hub.broker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * Signs in gateways by id and password and the hub by a password that lives as long as the process.
 * What each may do is {@link TopicAccess}; {@link PacketGuard} asks it first, this is the second
 * line. With the broker's wildcards set to MQTT's own, an address is a topic as it is.
 */
final class BrokerSecurity implements ActiveMQSecurityManager5 {

  private final String hubUser;
  private final String hubPassword;
  private final GatewayPasswords passwords;
  private final TopicAccess access;

  BrokerSecurity(
      String hubUser, String hubPassword, GatewayPasswords passwords, TopicAccess access) {
    this.hubUser = hubUser;
    this.hubPassword = hubPassword;
    this.passwords = passwords;
    this.access = access;
  }

  @Override
  public @Nullable Subject authenticate(
      @Nullable String user,
      @Nullable String password,
      @Nullable RemotingConnection connection,
      @Nullable String domain) {
    if (user == null || password == null) {
      return null;
    }
    if (connection != null && user(connection.getSubject()).equals(user)) {
      return connection
          .getSubject(); // signed in: asked again for each right, also while the store is away
    }
    boolean right =
        user.equals(hubUser) ? same(password, hubPassword) : passwords.matches(user, password);
    if (!right) {
      return null;
    }
    Subject subject = new Subject();
    subject.getPrincipals().add(new UserPrincipal(user));
    return subject;
  }

  @Override
  public boolean authorize(
      @Nullable Subject subject, Set<Role> roles, CheckType type, String address) {
    String user = user(subject);
    if (user.isEmpty()) {
      return false;
    }
    if (user.equals(hubUser)) {
      return true;
    }
    int queue = address.indexOf("::");
    String topic = queue < 0 ? address : address.substring(0, queue);
    return switch (type) {
      case SEND -> access.mayPublish(user, topic);
      case CREATE_ADDRESS -> access.mayPublish(user, topic) || access.maySubscribe(user, topic);
      case CONSUME,
          CREATE_DURABLE_QUEUE,
          CREATE_NON_DURABLE_QUEUE,
          DELETE_DURABLE_QUEUE,
          DELETE_NON_DURABLE_QUEUE ->
          access.maySubscribe(user, topic);
      default -> false;
    };
  }

  /** The name that the subject was signed in with; empty where there is none. */
  static String user(@Nullable Subject subject) {
    return subject == null
        ? ""
        : subject.getPrincipals(UserPrincipal.class).stream()
            .map(UserPrincipal::getName)
            .findFirst()
            .orElse("");
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean validateUser(@Nullable String user, @Nullable String password) {
    return authenticate(user, password, null, null) != null;
  }

  @Override
  public boolean validateUserAndRole(
      @Nullable String user, @Nullable String password, Set<Role> roles, CheckType checkType) {
    return false; // never asked where authorize is there
  }
}
