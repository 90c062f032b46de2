package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.sparkplug.Packet.Connect;
import io.selvedge.sparkplug.Packet.Disconnect;
import io.selvedge.sparkplug.Packet.Publish;
import io.selvedge.sparkplug.Packet.Subscribe;
import io.selvedge.sparkplug.Packet.Will;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Chapters 2 and 5: sessions, the primary host, several servers, commands. */
final class SessionRules {

  private SessionRules() {}

  static Rules of(Scenarios.Life life, Scenarios.Aliased aliased) {
    Trace trace = life.trace();
    return new Rules()
        .add("principles-rbe-recommended", () -> assertThat(life.idle()).isZero())
        .add(
            "operational-behavior-data-publish-nbirth-change"
                + " operational-behavior-data-publish-dbirth-change",
            () -> assertThat(life.idle()).isZero())
        .add(
            "principles-birth-certificates-order message-flow-device-birth-publish-nbirth-wait"
                + " message-flow-edge-node-birth-publish-connect",
            () -> {
              for (Connect connect : trace.connects()) {
                int at = trace.packets().indexOf(connect);
                List<Publish> later =
                    trace.packets().subList(at, trace.packets().size()).stream()
                        .filter(Publish.class::isInstance)
                        .map(Publish.class::cast)
                        .filter(one -> one.connection() == connect.connection())
                        .toList();
                assertThat(later.get(0).type()).isEqualTo("NBIRTH");
                assertThat(trace.published(connect.connection())).isEqualTo(later);
              }
            })
        .add(
            "principles-persistence-clean-session-311",
            () ->
                assertThat(trace.connects())
                    .isNotEmpty()
                    .allMatch(connect -> connect.level() == 4 && connect.clean()))
        .add(
            "message-flow-edge-node-ncmd-subscribe",
            () ->
                assertThat(trace.connects())
                    .allSatisfy(
                        connect ->
                            assertThat(trace.subscribes())
                                .contains(
                                    new Subscribe(
                                        connect.connection(), "spBv1.0/plant/NCMD/gw-1", 1))))
        .add(
            "message-flow-device-dcmd-subscribe",
            () ->
                assertThat(trace.subscribes())
                    .contains(new Subscribe(0, "spBv1.0/plant/DCMD/gw-1/boiler", 1))
                    .contains(new Subscribe(0, "spBv1.0/plant/DCMD/gw-1/pump", 1)))
        .add(
            "message-flow-edge-node-birth-publish-will-message payloads-ndeath-will-message",
            () -> assertThat(wills(trace)).hasSize(trace.connects().size()))
        .add(
            "message-flow-edge-node-birth-publish-will-message-topic",
            () ->
                assertThat(wills(trace))
                    .allMatch(will -> will.topic().equals("spBv1.0/plant/NDEATH/gw-1")))
        .add(
            "message-flow-edge-node-birth-publish-will-message-payload",
            () -> assertThat(wills(trace)).allMatch(will -> will.parsed().metrics().size() == 1))
        .add(
            "message-flow-edge-node-birth-publish-will-message-payload-bdSeq"
                + " topics-nbirth-bdseq-increment",
            () -> {
              List<Long> numbers =
                  wills(trace).stream().map(will -> Trace.bdSeq(will.parsed())).toList();
              assertThat(numbers).containsExactly(0L, 1L);
              BdSeqTest.assertWrapsAfter255();
            })
        .add(
            "message-flow-edge-node-birth-publish-will-message-qos"
                + " payloads-ndeath-will-message-qos",
            () -> assertThat(wills(trace)).allMatch(will -> will.qos() == 1))
        .add(
            "message-flow-edge-node-birth-publish-will-message-will-retained"
                + " payloads-ndeath-will-message-retain",
            () -> assertThat(wills(trace)).noneMatch(Will::retain))
        .add(
            "operational-behavior-edge-node-intentional-disconnect-ndeath"
                + " payloads-ndeath-will-message-publisher"
                + " payloads-ndeath-will-message-publisher-disconnect-mqtt311",
            () -> {
              assertThat(trace.left()).containsExactly(0, 1);
              for (int connection : trace.left()) {
                List<Publish> all = trace.published(connection);
                assertThat(all.get(all.size() - 1).type()).isEqualTo("NDEATH");
              }
            })
        .add(
            "operational-behavior-edge-node-intentional-disconnect-packet",
            () -> {
              for (Disconnect disconnect : trace.all(Disconnect.class)) {
                int at = trace.packets().indexOf(disconnect);
                assertThat(trace.packets().get(at - 1))
                    .isInstanceOfSatisfying(
                        Publish.class, one -> assertThat(one.type()).isEqualTo("NDEATH"));
              }
            })
        .add(
            "operational-behavior-device-ddeath",
            () -> {
              // the pump went; the boiler ended with the gateway, before the node
              assertThat(trace.published("DDEATH"))
                  .extracting(one -> one.connection() + one.topic().replaceAll(".*/", " "))
                  .containsExactly("0 pump", "0 boiler", "1 boiler");
              for (int connection : trace.left()) {
                List<Publish> all = trace.published(connection);
                assertThat(all.get(all.size() - 2).type()).isEqualTo("DDEATH");
              }
            })
        .add(
            "message-flow-device-birth-publish-dbirth-match-edge-node-topic",
            () ->
                assertThat(trace.published("DBIRTH"))
                    .allMatch(one -> one.topic().startsWith("spBv1.0/plant/DBIRTH/gw-1/")))
        .add(
            "operational-behavior-data-commands-rebirth-action-1",
            () -> {
              List<Long> afterwards =
                  afterLast(aliased.trace(), "NBIRTH", 2).stream()
                      .filter(one -> one.type().equals("DDATA"))
                      .flatMap(one -> one.parsed().metrics().stream())
                      .map(metric -> metric.timestamp().orElseThrow())
                      .toList();
              // rows that came while births were owed went out after them
              assertThat(afterwards).containsAll(aliased.held());
            })
        .add(
            "operational-behavior-data-commands-rebirth-action-2",
            () ->
                assertThat(
                        afterLast(trace, "NBIRTH", trace.published("NBIRTH").size() - 1).stream()
                            .map(Publish::type)
                            .limit(2))
                    .containsExactly("NBIRTH", "DBIRTH"))
        .add(
            "operational-behavior-data-commands-rebirth-action-3",
            () ->
                assertThat(
                        trace.published(0).stream()
                            .filter(one -> one.type().equals("NBIRTH"))
                            .map(one -> Trace.bdSeq(one.parsed())))
                    .hasSize(3)
                    .containsOnly(0L))
        .add(
            "payloads-dbirth-order payloads-ndata-order payloads-ddata-order",
            () -> {
              for (Trace each : List.of(trace, aliased.trace())) {
                assertBirthsStandTogether(each);
              }
            });
  }

  /** After each birth of the node those of its devices that are up, and only then data. */
  private static void assertBirthsStandTogether(Trace trace) {
    List<Publish> all = trace.published();
    List<Integer> births =
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).type().equals("NBIRTH"))
            .boxed()
            .toList();
    assertThat(births).isNotEmpty();
    for (int birth : births) {
      assertThat(all.get(birth + 1).topic()).isEqualTo("spBv1.0/plant/DBIRTH/gw-1/boiler");
    }
  }

  /** All that was published from the how-manieth (from 1) birth of this type on. */
  private static List<Publish> afterLast(Trace trace, String type, int which) {
    Publish start = trace.published(type).get(which - 1);
    List<Publish> all = trace.published();
    return all.subList(all.indexOf(start), all.size());
  }

  private static List<Will> wills(Trace trace) {
    return trace.connects().stream().flatMap(connect -> connect.will().stream()).toList();
  }

  static Rules of(Scenarios.Hosted hosted) {
    Trace trace = hosted.trace();
    return new Rules()
        .add(
            "message-flow-edge-node-birth-publish-phid-wait"
                + " message-flow-edge-node-birth-publish-phid-wait-online"
                + " operational-behavior-edge-node-birth-sequence-wait",
            () -> {
              assertThat(hosted.afterOffline()).isZero();
              assertThat(hosted.afterOnline()).isEqualTo(1);
            })
        .add(
            "message-flow-edge-node-birth-publish-phid-wait-id",
            () -> {
              assertThat(hosted.afterWrongHost()).isZero();
              assertThat(trace.subscribes()).contains(new Subscribe(0, "spBv1.0/STATE/scada-1", 1));
            })
        .add(
            "message-flow-edge-node-birth-publish-phid-wait-timestamp",
            () -> {
              assertThat(hosted.afterOld()).isZero();
              assertThat(hosted.afterOldAgain()).isEqualTo(1);
            })
        .add(
            "message-flow-edge-node-birth-publish-phid-offline"
                + " operational-behavior-edge-node-termination-host-offline",
            () -> {
              List<Publish> first = trace.published(0);
              assertThat(first.get(first.size() - 1).type()).isEqualTo("NDEATH");
              assertThat(trace.left()).startsWith(0);
            })
        .add(
            "operational-behavior-edge-node-termination-host-offline-reconnect",
            () -> {
              assertThat(trace.connects()).extracting(Connect::connection).containsExactly(0, 1);
              assertThat(hosted.afterOnlineAgain()).isEqualTo(2);
            })
        .add(
            "operational-behavior-edge-node-termination-host-offline-timestamp",
            () -> assertThat(hosted.stayed()).isTrue());
  }

  static Rules ofServers(Trace trace) {
    return new Rules()
        .add(
            "operational-behavior-primary-application-state-with-multiple-servers-state-subs",
            () ->
                assertThat(trace.connects())
                    .filteredOn(connect -> !trace.published(connect.connection()).isEmpty())
                    .isNotEmpty()
                    .allSatisfy(
                        connect ->
                            assertThat(trace.subscribes())
                                .contains(
                                    new Subscribe(
                                        connect.connection(), "spBv1.0/STATE/scada-1", 1))))
        .add(
            "operational-behavior-primary-application-state-with-multiple-servers-single-server",
            () -> {
              List<Integer> using = new ArrayList<>();
              for (Packet packet : trace.packets()) {
                if (packet instanceof Publish && !using.contains(packet.connection())) {
                  using.add(packet.connection());
                  assertThat(using).as("servers in use").hasSize(1);
                }
                if (packet instanceof Disconnect) {
                  using.remove((Integer) packet.connection());
                }
              }
            })
        .add(
            "operational-behavior-primary-application-state-with-multiple-servers-walk",
            () ->
                assertThat(
                        trace.published().stream()
                            .filter(one -> one.type().startsWith("N"))
                            .map(one -> one.type() + (one.connection() < 100 ? " 1" : " 2")))
                    .startsWith(
                        "NBIRTH 1", "NDEATH 1", "NBIRTH 2", "NDEATH 2", "NBIRTH 1", "NDEATH 1"));
  }
}
