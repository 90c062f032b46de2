package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComponentFailureTest {

  @Test
  void theInnermostCauseIsTheReason() {
    assertThat(
            ComponentFailure.message(
                """
                java.lang.reflect.InvocationTargetException
                	at java.base/java.lang.reflect.Constructor.newInstance(Constructor.java:481)
                Caused by: java.lang.IllegalArgumentException: speed [-1] must be 0 or more
                	at io.selvedge.driver.Some.<init>(Some.java:43)
                """))
        .isEqualTo("speed [-1] must be 0 or more");
  }

  @Test
  void whatADriverSaysItselfComesBeforeWhatMadeItSaySo() {
    assertThat(
            ComponentFailure.message(
                """
                java.lang.reflect.InvocationTargetException
                	at java.base/java.lang.reflect.Constructor.newInstance(Constructor.java:481)
                Caused by: java.lang.IllegalArgumentException: start [yesterday] must be ISO in UTC
                	at io.selvedge.driver.Some.<init>(Some.java:43)
                Caused by: java.time.format.DateTimeParseException: Text 'yesterday' could not be parsed
                	at java.base/java.time.Instant.parse(Instant.java:397)
                """))
        .isEqualTo("start [yesterday] must be ISO in UTC");
  }

  @Test
  void aClassThatIsMissingIsToldByTheInnermostCause() {
    assertThat(
            ComponentFailure.message(
                """
                java.lang.reflect.InvocationTargetException
                Caused by: java.lang.NoClassDefFoundError: com/maker/Codec
                	at io.selvedge.driver.Some.<init>(Some.java:43)
                Caused by: java.lang.ClassNotFoundException: com.maker.Codec not found by some [71]
                """))
        .isEqualTo("com.maker.Codec not found by some [71]");
  }

  @Test
  void aTextInPlaceOfANumberIsToldWithItsSetting() {
    assertThat(
            ComponentFailure.message(
                """
                java.lang.reflect.InvocationTargetException
                	at java.base/java.lang.reflect.Constructor.newInstance(Constructor.java:481)
                Caused by: org.osgi.service.component.ComponentException: \
                java.lang.NumberFormatException: For input string: "abc"
                	at org.apache.felix.scr.impl.inject.internal.Annotations$Handler.invoke(Annotations.java:379)
                	at io.selvedge.driver.simulated.$Proxy13.rows_per_read(Unknown Source)
                	at io.selvedge.driver.simulated.SimulatedDriver.<init>(SimulatedDriver.java:75)
                """))
        .isEqualTo(
            "rows.per.read [abc] must be a number; correct it, or leave it out for the default");
  }
}
