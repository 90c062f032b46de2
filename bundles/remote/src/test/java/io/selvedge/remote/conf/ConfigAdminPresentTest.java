package io.selvedge.remote.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class ConfigAdminPresentTest {

  private static <T> T fake(Class<T> type, InvocationHandler calls) {
    return type.cast(
        Proxy.newProxyInstance(
            ConfigAdminPresentTest.class.getClassLoader(), new Class<?>[] {type}, calls));
  }

  private static Configuration present(String pid, String file) {
    return fake(
        Configuration.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getPid" -> pid;
              case "getProperties" ->
                  FrameworkUtil.asDictionary(
                      Map.of("service.pid", pid, "pin", 4, "felix.fileinstall.filename", file));
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

  /** Else somebody who removes a device would make all requests fail at that moment. */
  @Test
  void whatIsDeletedWhileItIsListedIsLeftOut() throws Exception {
    Configuration[] listed = {
      deleted(),
      present("driver~hall", "file:/gateway/conf/driver-hall.cfg"),
      present("own", "file:/gateway/system/own.cfg")
    };
    ConfigurationAdmin admin = fake(ConfigurationAdmin.class, (proxy, method, arguments) -> listed);

    assertThat(new ConfigAdminPresent(admin, "/gateway/conf").all())
        .isEqualTo(Map.of("driver~hall", Map.of("pin", 4)));
  }
}
