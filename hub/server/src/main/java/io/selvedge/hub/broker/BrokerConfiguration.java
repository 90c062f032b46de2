package io.selvedge.hub.broker;

import io.selvedge.hub.security.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;

/** How the embedded broker keeps messages: in a journal on disk, memory bounded. */
final class BrokerConfiguration {

  private static final String NOWHERE = "nowhere";
  private static final long MEMORY = 64L << 20;
  private static final long MEMORY_PER_ADDRESS = 16L << 20;
  private static final long LEAST_DISK_FREE = 100L << 20;
  private static final int JOURNAL_FILE = 4 << 20;
  private static final int JOURNAL_WAIT_NANOS = 1_000_000; // how long a write waits for others
  private static final String REPLIES = "$EDC/+/+/+/REPLY/#"; // a topic for each of them
  private static final Duration REPLY_LASTS = Duration.ofSeconds(5);

  private BrokerConfiguration() {}

  /**
   * @param addressLasts how long a topic is remembered, from the first message on, that nobody
   *     subscribed to by its own name and of which no message waits; that of a reply, of which
   *     there may be hundreds a second, five seconds
   */
  static Configuration of(Path directory, Duration addressLasts) {
    Configuration c = new ConfigurationImpl();
    c.setName("selvedge-hub");
    c.setBrokerInstance(directory.toFile());
    c.setBindingsDirectory(directory.resolve("bindings").toString());
    c.setJournalDirectory(directory.resolve("journal").toString());
    c.setLargeMessagesDirectory(directory.resolve("large").toString());
    c.setPagingDirectory(directory.resolve("paging").toString());
    c.setPersistenceEnabled(true);
    c.setJournalType(JournalType.NIO);
    c.setJournalFileSize(JOURNAL_FILE);
    c.setJournalBufferTimeout_NIO(JOURNAL_WAIT_NANOS);
    c.setJournalSyncTransactional(true); // acknowledged means on disk, not only written
    c.setJournalSyncNonTransactional(true);
    c.setJournalDatasync(true);
    c.setJournalMinFiles(2);
    c.setJournalPoolFiles(8);
    c.setSecurityEnabled(true);
    c.setAuthenticationCacheSize(0); // a void password is void at once; see BrokerSecurity
    c.setClusterPassword(Secrets.random()); // there is no cluster; the default would be a known one
    c.setJMXManagementEnabled(false);
    c.setMessageCounterEnabled(false);
    c.setGracefulShutdownEnabled(false);
    c.setGlobalMaxSize(MEMORY);
    c.setMinDiskFree(LEAST_DISK_FREE);
    c.setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.LOG);
    c.setWildCardConfiguration(
        new WildcardConfiguration().setDelimiter('/').setSingleWord('+').setAnyWords('#'));
    c.setAddressQueueScanPeriod(Math.min(addressLasts.toMillis(), REPLY_LASTS.toMillis()));
    c.addAddressSetting(
        "#",
        new AddressSettings()
            .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
            .setMaxSizeBytes(MEMORY_PER_ADDRESS)
            .setPageSizeBytes(1 << 20)
            .setMaxDeliveryAttempts(-1)
            .setDeadLetterAddress(SimpleString.of(NOWHERE)) // never used; none would be warned of
            .setExpiryAddress(SimpleString.of(NOWHERE))
            .setAutoDeleteAddresses(true)
            .setAutoDeleteAddressesSkipUsageCheck(true) // else only what once had a subscriber
            .setAutoDeleteAddressesDelay(addressLasts.toMillis())
            .setAutoDeleteQueues(false));
    c.addAddressSetting(
        REPLIES, // the rest is as above
        new AddressSettings().setAutoDeleteAddressesDelay(REPLY_LASTS.toMillis()));
    c.setAcceptorConfigurations(Set.of());
    c.setConnectorConfigurations(Map.of());
    c.setIncomingInterceptorClassNames(List.of());
    return c;
  }
}
