package io.selvedge.console.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;

class OsgiSetupTest {

  /** A configuration as Config Admin hands it out; once it is removed, each call says so. */
  private static Configuration configuration(String factory, boolean removed) {
    return (Configuration)
        Proxy.newProxyInstance(
            OsgiSetupTest.class.getClassLoader(),
            new Class<?>[] {Configuration.class},
            (proxy, method, arguments) -> {
              if (removed) {
                throw new IllegalStateException("Configuration deleted");
              }
              return switch (method.getName()) {
                case "getFactoryPid" -> factory;
                case "getPid" -> factory + "~hall";
                case "getProperties" ->
                    FrameworkUtil.asDictionary(
                        Map.of("device.id", "hall", "service.pid", "x", "felix.file", "y"));
                default -> throw new UnsupportedOperationException(method.getName());
              };
            });
  }

  @Test
  void aDeviceIsItsConfigurationWithoutWhatTheFrameworkAdds() {
    assertThat(OsgiSetup.configured(configuration("driver", false)))
        .contains(new Setup.Configured("driver", "hall", Map.of("device.id", "hall")));
  }

  /** Else somebody who removes a device would make all others' questions fail at that moment. */
  @Test
  void aDeviceThatIsRemovedWhileItIsListedIsLeftOut() {
    assertThat(OsgiSetup.configured(configuration("driver", true))).isEmpty();
  }
}
