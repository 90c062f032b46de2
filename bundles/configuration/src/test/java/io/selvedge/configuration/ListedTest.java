package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class ListedTest {

  private static final Map<String, Object> HALL =
      Map.of("service.pid", "driver~hall", "pin", 4, ConfigurationFiles.FILE, "file:/conf/x.cfg");

  private static <T> T fake(Class<T> type, InvocationHandler calls) {
    return type.cast(
        Proxy.newProxyInstance(ListedTest.class.getClassLoader(), new Class<?>[] {type}, calls));
  }

  private static Configuration present(Map<String, Object> properties) {
    return fake(
        Configuration.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getPid" -> properties.get("service.pid");
              case "getFactoryPid" -> null;
              case "getProperties" -> FrameworkUtil.asDictionary(properties);
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  /** As Config Admin's own: each call says that it is no more. */
  private static Configuration deleted() {
    return fake(
        Configuration.class,
        (proxy, method, arguments) -> {
          throw new IllegalStateException("Configuration x deleted");
        });
  }

  private static ConfigurationAdmin admin(Configuration... listed) {
    return fake(ConfigurationAdmin.class, (proxy, method, arguments) -> listed);
  }

  @Test
  void whatIsDeletedWhileItIsListedIsLeftOut() throws Exception {
    List<Listed> all = Listed.all(admin(deleted(), present(HALL), deleted()), null);

    assertThat(all).extracting(Listed::pid).containsExactly("driver~hall");
    assertThat(all.get(0).properties()).isEqualTo(HALL);
    assertThat(all.get(0).file()).contains("file:/conf/x.cfg");
    assertThat(all.get(0).factoryPid()).isEmpty();
  }

  @Test
  void whatIsDeletedBeforeItIsChangedStaysSo() throws Exception {
    new Listed("driver~hall", Optional.empty(), HALL, deleted()).update(Map.of("pin", 5));
  }

  @Test
  void aConfigurationThatNoFileHoldsHasNone() throws Exception {
    Listed one = Listed.all(admin(present(Map.of("service.pid", "driver"))), null).get(0);

    assertThat(one.file()).isEmpty();
  }
}
