package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.MeasurementListener;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.EventListener;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Uplink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.scr.info.ScrInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.ComponentContext;
import org.osgi.util.function.Function;
import org.osgi.util.promise.Promise;

/** The bundle as it is shipped, in a framework with nothing but declarative services beside it. */
class InFelixTest {

  private static final String LOCK_TIMEOUT = "ds.lock.timeout.milliseconds";

  @TempDir static Path folder;
  private Framework framework;
  private BundleContext context;
  private Bundle core;

  @BeforeEach
  void start() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    Files.createTempDirectory(folder, "cache").toString(),
                    LOCK_TIMEOUT,
                    shipped(LOCK_TIMEOUT),
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    "org.slf4j;version=2.0.17,org.apache.felix.hc.api;version=2.0.4,"
                        + "io.selvedge.api.device;version=0.2.0,"
                        + "io.selvedge.api.event;version=0.1.0,"
                        + "io.selvedge.api.uplink;version=0.1.0"));
    framework.start();
    context = framework.getBundleContext();
    List<Bundle> bundles = new ArrayList<>();
    for (Class<?> type :
        List.of(Function.class, Promise.class, ComponentContext.class, ScrInfo.class)) {
      bundles.add(
          context.installBundle(
              "reference:" + type.getProtectionDomain().getCodeSource().getLocation()));
    }
    core = context.installBundle("reference:" + Path.of("target", "classes").toUri());
    bundles.add(core);
    for (Bundle bundle : bundles) {
      bundle.start();
    }
  }

  /** What the gateway's framework is told. */
  private static String shipped(String property) throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        Files.newInputStream(
            Path.of("../../distribution/gateway/src/main/system/framework.properties"))) {
      properties.load(in);
    }
    return properties.getProperty(property, "5000");
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
    await(() -> Running.threads().isEmpty());
  }

  @Test
  void joinsDriversAndListenersThroughServices() {
    List<List<Measurement>> rows = new CopyOnWriteArrayList<>();
    register(MeasurementListener.class, rows::add, Map.of());
    FakeDriver driver = new FakeDriver();

    ServiceRegistration<Driver> registration =
        register(Driver.class, driver, Map.of("device.id", "hall", "interval.ms", 5));

    await(() -> rows.size() > 2);
    assertThat(devices().find("hall").orElseThrow().state()).isEqualTo(State.UP);
    assertThat(devices().latest("hall")).hasSize(1);
    assertThat(service(HealthCheck.class).execute().getStatus()).isEqualTo(Result.Status.OK);

    registration.unregister();

    assertThat(devices().list()).isEmpty();
    assertThat(service(Events.class).recent(10))
        .extracting(Event::code)
        .containsExactly("device.removed", "device.up");
    await(() -> !Running.threads().contains("selvedge-bus-hall"));
  }

  @Test
  void sendsWhatHappensToTheHub() {
    FakeUplink hub = new FakeUplink(message -> {});
    FakeUplink other = new FakeUplink(message -> {});
    register(Uplink.class, other, Map.of(Uplink.NAME, "other"));
    register(Driver.class, new FakeDriver(), Map.of("device.id", "hall", "interval.ms", 5))
        .unregister();
    register(Uplink.class, hub, Map.of(Uplink.NAME, Uplink.HUB));

    await(() -> hub.messages.stream().anyMatch(m -> m.resource().equals("device.removed")));
    assertThat(hub.messages).allMatch(message -> message.app().equals("EVENT-V1"));
    assertThat(other.messages).isEmpty();
  }

  /**
   * Declarative services by themselves give up after five seconds, for good: on a slow machine a
   * flow's file was then never read, since the thread of a bus was still making the flow engine.
   */
  @Test
  void whoNeedsAComponentInTheMakingWaitsForIt() throws Exception {
    System.clearProperty(SlowDriver.STATE);
    context.installBundle("slow", jarOf(SlowDriver.class, "NotAnId", "")).start();
    ServiceReference<Driver> slow =
        Objects.requireNonNull(context.getServiceReference(Driver.class));
    CompletableFuture<Driver> first =
        CompletableFuture.supplyAsync(() -> core.getBundleContext().getService(slow));
    await(() -> System.getProperty(SlowDriver.STATE, "").equals("begun"));
    CompletableFuture<Driver> second =
        CompletableFuture.supplyAsync(() -> context.getService(slow));

    try {
      assertThatThrownBy(() -> second.get(5500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
    } finally {
      System.setProperty(SlowDriver.STATE, "go on");
    }

    assertThat(first.get(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(second.get(20, TimeUnit.SECONDS)).isSameAs(first.get());
  }

  /** Declarative services ask once for what is bound, and give up after some seconds. */
  @Test
  void anUplinkThatCouldNotBeHadAtFirstIsAskedForAgain() {
    FakeUplink hub = new FakeUplink(message -> {});
    AtomicInteger asked = new AtomicInteger();
    context.registerService(
        Uplink.class,
        new ServiceFactory<Uplink>() {
          @Override
          public Uplink getService(Bundle bundle, ServiceRegistration<Uplink> registration) {
            if (asked.incrementAndGet() == 1) {
              throw new IllegalStateException("Could not obtain lock");
            }
            return hub;
          }

          @Override
          public void ungetService(
              Bundle bundle, ServiceRegistration<Uplink> registration, Uplink service) {}
        },
        FrameworkUtil.asDictionary(Map.of(Uplink.NAME, Uplink.HUB)));
    register(Driver.class, new FakeDriver(), Map.of("device.id", "hall", "interval.ms", 5));

    await(() -> hub.messages.stream().anyMatch(m -> m.resource().equals("device.up")));

    assertThat(asked).hasValueGreaterThan(1);
  }

  /** Listeners need {@link Devices} themselves: fetching them early would be a circle. */
  @Test
  void aListenerIsNotFetchedBeforeThereIsSomethingToTell() {
    List<String> fetched = new CopyOnWriteArrayList<>();
    context.registerService(
        MeasurementListener.class,
        new ServiceFactory<MeasurementListener>() {
          @Override
          public MeasurementListener getService(
              Bundle bundle, ServiceRegistration<MeasurementListener> registration) {
            fetched.add(Thread.currentThread().getName());
            return row -> {};
          }

          @Override
          public void ungetService(
              Bundle bundle,
              ServiceRegistration<MeasurementListener> registration,
              MeasurementListener service) {}
        },
        FrameworkUtil.asDictionary(Map.of()));
    assertThat(devices().list()).isEmpty();
    assertThat(fetched).isEmpty();

    register(Driver.class, new FakeDriver(), Map.of("device.id", "hall", "interval.ms", 5));

    await(() -> !fetched.isEmpty());
    assertThat(fetched).containsExactly("selvedge-bus-hall");
  }

  @Test
  void aDriverWithoutAProperIdIsRefusedWithAnEvent() {
    register(Driver.class, new FakeDriver(), Map.of());
    register(
        Driver.class, new FakeDriver(), Map.of("device.id", "Hall 1", "service.pid", "some~hall"));

    List<Event> events = service(Events.class).recent(10);
    assertThat(events).extracting(Event::code).containsOnly("device.refused").hasSize(2);
    assertThat(events.get(0).message()).contains("[Hall 1]", "[some~hall]");
    assertThat(devices().list()).isEmpty();
  }

  @Test
  void whoOnlyWaitsForAnIdGoesWithoutAWord() {
    register(Driver.class, new FakeDriver(), Map.of("device.id", "hall"));
    ServiceRegistration<Driver> second =
        register(Driver.class, new FakeDriver(), Map.of("device.id", "hall"));

    second.unregister();

    assertThat(service(Events.class).recent(10))
        .extracting(Event::code)
        .contains("device.refused")
        .doesNotContain("device.removed");
    assertThat(devices().find("hall")).isPresent();
  }

  @Test
  void startAndStopOfTheGatewayStandInTheDiary() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    EventListener listener = event -> heard.add(event.code());
    framework.stop();
    framework.waitForStop(10_000);
    framework.init();
    framework.getBundleContext().registerService(EventListener.class, listener, null);
    framework.start();
    await(() -> heard.contains("gateway.started"));

    framework.stop();
    framework.waitForStop(10_000);

    assertThat(heard).containsExactly("gateway.starts", "gateway.started", "gateway.stops");
  }

  @Test
  void aDriverThatCannotBeMadeIsADeviceThatIsDownAndSaysWhy() throws Exception {
    context.installBundle("failing", jarOf(FailingDriver.class, "bad", "")).start();

    await(() -> devices().find("bad").map(DeviceStatus::state).orElse(null) == State.DOWN);

    assertThat(devices().find("bad").orElseThrow().reason())
        .contains("[bad]", "speed [-1] must be 0 or more");
  }

  @Test
  void aDriverThatWaitsForItsBusIsNamedByTheHealthCheck() throws Exception {
    context
        .installBundle(
            "waiting",
            jarOf(
                FailingDriver.class,
                "thermometer",
                "<reference name='bus' interface='io.selvedge.api.bus.I2cBus'/>"))
        .start();

    await(
        () ->
            String.valueOf(service(HealthCheck.class).execute())
                .contains("waiting: [thermometer for [bus]]"));
  }

  /** A driver's @Deactivate closes what its calls use: no call may run then. */
  @Test
  void aDriverIsClosedOnlyAfterItsLastCallHasEnded() throws Exception {
    System.clearProperty(ClosingDriver.DIARY);
    Bundle bundle = context.installBundle("closing", jarOf(ClosingDriver.class, "door", ""));
    bundle.start();
    await(() -> System.getProperty(ClosingDriver.DIARY, "").equals("read "));

    bundle.stop();

    assertThat(System.getProperty(ClosingDriver.DIARY)).isEqualTo("read end closed ");
    assertThat(devices().list()).isEmpty();
  }

  @Test
  void stoppingTheBundleLeavesNoThread() throws Exception {
    for (int i = 0; i < 5; i++) {
      register(Driver.class, new FakeDriver(), Map.of("device.id", "d" + i, "interval.ms", 5));
    }
    await(() -> devices().list().stream().allMatch(d -> d.state() == State.UP));

    core.stop();

    await(() -> Running.threads().isEmpty());
  }

  private <S> ServiceRegistration<S> register(
      Class<S> type, S service, Map<String, Object> properties) {
    Dictionary<String, Object> dictionary = FrameworkUtil.asDictionary(properties);
    return context.registerService(type, service, dictionary);
  }

  private Devices devices() {
    return service(Devices.class);
  }

  private <S> S service(Class<S> type) {
    ServiceReference<S> reference =
        Objects.requireNonNull(context.getServiceReference(type), () -> "no " + type);
    return Objects.requireNonNull(context.getService(reference), () -> "no " + type);
  }

  /** A bundle of one component, delayed like every driver. */
  private static InputStream jarOf(Class<?> component, String device, String references)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    main.putValue(Constants.BUNDLE_SYMBOLICNAME, device);
    main.putValue(Constants.IMPORT_PACKAGE, "io.selvedge.api.device");
    main.putValue("Service-Component", "OSGI-INF/c.xml");
    Path jar = Files.createTempFile(folder, "failing", ".jar");
    String classFile = component.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest);
        InputStream code = component.getClassLoader().getResourceAsStream(classFile)) {
      entries.putNextEntry(new JarEntry(classFile));
      entries.write(Objects.requireNonNull(code).readAllBytes());
      entries.putNextEntry(new JarEntry("OSGI-INF/c.xml"));
      entries.write(
          ("<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.4.0' name='failing'"
                  + " deactivate='deactivate'><implementation class='"
                  + component.getName()
                  + "'/><property name='device.id' value='"
                  + device
                  + "'/>"
                  + "<service><provide interface='io.selvedge.api.device.Driver'/></service>"
                  + references
                  + "</scr:component>")
              .getBytes(StandardCharsets.UTF_8));
    }
    return Files.newInputStream(jar);
  }
}
