package io.selvedge.driver.nmea;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import io.selvedge.api.uplink.GatewayFacts;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class WhereaboutsTest {

  private final List<String> told = new ArrayList<>();
  private final Whereabouts whereabouts = new Whereabouts(fake(BundleContext.class));

  /** Registers services and notes what became of them. */
  private <T> T fake(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              told.add(method.getName());
              return method.getName().equals("registerService")
                  ? fake(ServiceRegistration.class)
                  : null;
            }));
  }

  private void at(double latitude, double longitude) {
    whereabouts.at(List.of(Reading.of("latitude", latitude), Reading.of("longitude", longitude)));
  }

  @Test
  void tellsTheFirstFixAndEachMoveOfMoreThanAHundredMetres() {
    whereabouts.at(List.of(Reading.missing("latitude", Reason.NOT_READY, "")));
    assertThat(told).isEmpty();

    at(48.0, -11.0);
    assertThat(told).containsExactly("registerService");
    GatewayFacts facts = whereabouts;
    assertThat(facts.facts()).isEqualTo(Map.of("position", "48.000000, -11.000000, 0.0"));

    at(48.0008, -11.0); // 89 m
    assertThat(told).containsExactly("registerService");

    at(48.0008, -11.001); // and 74 m to the west of it
    assertThat(told).containsExactly("registerService", "setProperties");
    assertThat(facts.facts().get("position")).startsWith("48.000800, -11.001");

    whereabouts.close();
    assertThat(told).endsWith("unregister");
  }
}
