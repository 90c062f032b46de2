package io.selvedge.mqtt;

import io.selvedge.testkit.Ports;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;

/** Apache Artemis in this process, with its journal on disk; the hub's broker. */
final class ArtemisBroker implements TestBroker {

  private final Path directory;
  private final String settings;
  private final ActiveMQSecurityManager users;
  private final int port;
  private Optional<ActiveMQServer> server = Optional.empty();

  ArtemisBroker(Path directory) throws Exception {
    this(directory, "");
  }

  /**
   * With more settings of the acceptor.
   *
   * @param settings each with a semicolon before it
   */
  ArtemisBroker(Path directory, String settings) throws Exception {
    this(directory, settings, new OneUser());
  }

  /** With users of its own. */
  ArtemisBroker(Path directory, String settings, ActiveMQSecurityManager users) throws Exception {
    this.directory = directory;
    this.users = users;
    this.settings = settings;
    port = Ports.free();
  }

  /** One user, who may do everything. */
  private static final class OneUser implements ActiveMQSecurityManager {
    @Override
    public boolean validateUser(String user, String password) {
      return USER.equals(user) && PASSWORD.equals(password);
    }

    @Override
    public boolean validateUserAndRole(
        String user, String password, Set<Role> roles, CheckType check) {
      return validateUser(user, password);
    }
  }

  @Override
  public String uri() {
    return "tcp://127.0.0.1:" + port;
  }

  @Override
  public void start() throws Exception {
    Configuration configuration = new ConfigurationImpl();
    configuration.setBrokerInstance(directory.toFile());
    configuration.setBindingsDirectory(directory.resolve("bindings").toString());
    configuration.setJournalDirectory(directory.resolve("journal").toString());
    configuration.setLargeMessagesDirectory(directory.resolve("large").toString());
    configuration.setPagingDirectory(directory.resolve("paging").toString());
    configuration.setJournalType(JournalType.NIO);
    configuration.setJournalFileSize(1 << 20);
    configuration.setJMXManagementEnabled(false);
    configuration.setGracefulShutdownEnabled(false);
    configuration.setMaxDiskUsage(100);
    configuration.setWildCardConfiguration(
        new WildcardConfiguration().setDelimiter('/').setSingleWord('+').setAnyWords('#'));
    configuration.addAddressSetting("#", new AddressSettings().setAutoDeleteQueues(false));
    configuration.addAcceptorConfiguration(
        "mqtt", uri() + "?protocols=MQTT;defaultMqttSessionExpiryInterval=3600" + settings);
    configuration.setIncomingInterceptorClassNames(List.of());
    ActiveMQServer started = new ActiveMQServerImpl(configuration, users);
    started.start();
    server = Optional.of(started);
  }

  @Override
  public void stop() throws Exception {
    if (server.isPresent()) {
      server.get().stop(false, true);
      server = Optional.empty();
    }
  }
}
