package io.selvedge.mqtt;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "Connection to the hub",
    description = "Where the broker is, how to sign in there, and how much is kept without it.")
@interface MqttConfig {

  @AttributeDefinition(
      name = "Broker",
      description =
          "Address: tcp://HOST:PORT, or ssl://HOST:PORT for TLS; over WebSocket ws://HOST:PORT/PATH"
              + " or wss://. Several, with commas between: the next one is tried when one does not"
              + " answer, and the first one again when it is back.")
  String broker() default "tcp://127.0.0.1:1883";

  @AttributeDefinition(
      name = "Profile",
      description =
          "Kind of broker: limits, topics and how to sign in follow from it. See"
              + " docs/cloud-profiles.md.",
      options = {
        @Option(value = "plain", label = "Any broker"),
        @Option(value = "aws-iot-core", label = "AWS IoT Core"),
        @Option(value = "azure-iot-hub", label = "Azure IoT Hub")
      })
  String profile() default "plain";

  @AttributeDefinition(
      name = "MQTT version",
      description = "With 5 the broker's own limits are respected, and its reasons are told.",
      options = {@Option(value = "3.1.1"), @Option(value = "5")})
  String mqtt_version() default "3.1.1";

  @AttributeDefinition(
      name = "Control prefix",
      description = "First part of control topics. Empty: as the profile has it ($EDC; AWS: edc).",
      required = false)
  String topic_control$_$prefix() default "";

  @AttributeDefinition(
      name = "Client id",
      description = "Empty: the gateway's id.",
      required = false)
  String client_id() default "";

  @AttributeDefinition(
      name = "Account",
      description = "First part of every topic. Empty: as in gateway.properties.",
      required = false)
  String account() default "";

  @AttributeDefinition(
      name = "User",
      description = "Empty: signs in without user and password.",
      required = false)
  String user() default "";

  @AttributeDefinition(
      name = "Password file",
      description = "File with the password in its first line, relative to the folder conf.",
      required = false)
  String password_file() default "trust/hub.password";

  @AttributeDefinition(
      name = "Password",
      description = "Instead of the file; empty: the file counts.",
      type = AttributeType.PASSWORD,
      required = false)
  String _password() default "";

  @AttributeDefinition(
      name = "CA file",
      description =
          "Certificates (PEM) that may vouch for the broker, relative to the folder conf. Empty:"
              + " those of the Java runtime.",
      required = false)
  String ca_file() default "";

  @AttributeDefinition(
      name = "Client certificate file",
      description =
          "Certificate (PEM) that this gateway shows to the broker, with those that lead to its CA;"
              + " relative to the folder conf. A new one is taken without a restart.",
      required = false)
  String client_certificate_file() default "";

  @AttributeDefinition(
      name = "Client key file",
      description = "Private key (PEM, not encrypted) of that certificate.",
      required = false)
  String client_key_file() default "";

  @AttributeDefinition(
      name = "Warning before the certificate runs out (days)",
      description = "So long before, the diary says so.",
      min = "1",
      max = "365")
  int certificate_warning_days() default 30;

  @AttributeDefinition(
      name = "Lifetime of a signature (seconds)",
      description = "Azure IoT Hub only: made from the device's key, renewed before it runs out.",
      min = "10",
      max = "31536000")
  int token_seconds() default 86400;

  @AttributeDefinition(
      name = "Keep alive (seconds)",
      description =
          "So often at least the gateway says that it is there. A dead connection is found within"
              + " one and a half times as long, while messages are under way within half of it.",
      min = "5",
      max = "3600")
  int keep_alive_seconds() default 30;

  @AttributeDefinition(
      name = "Connection timeout (seconds)",
      description = "So long the broker may take to answer when the connection is made.",
      min = "1",
      max = "300")
  int connection_timeout_seconds() default 10;

  @AttributeDefinition(
      name = "Longest pause (seconds)",
      description = "Between two attempts, where the broker answers but does not take the gateway.",
      min = "1",
      max = "3600")
  int longest_pause_seconds() default 60;

  @AttributeDefinition(
      name = "First broker again (seconds)",
      description =
          "So long after another of several brokers had to serve, it is looked whether the first is"
              + " back.",
      min = "1",
      max = "86400")
  int first_broker_again_seconds() default 300;

  @AttributeDefinition(
      name = "Files",
      description =
          "Whether files come on a connection of their own, with the client id followed by /files."
              + " Empty: as the profile has it (own; AWS and Azure: shared).",
      required = false,
      options = {
        @Option(value = "own", label = "on a connection of their own"),
        @Option(value = "shared", label = "with the messages")
      })
  String files_connection() default "";

  @AttributeDefinition(
      name = "Messages under way",
      description = "So many may wait for the broker's acknowledgement.",
      min = "1",
      max = "1000")
  int window() default 100;

  @AttributeDefinition(
      name = "Largest message (KiB)",
      description = "What is larger is not sent but kept as a dead letter.",
      min = "1",
      max = "1024")
  int largest_message_kib() default 1024;

  @AttributeDefinition(
      name = "Outbox (MiB)",
      description = "So much is kept on disk while there is no connection.",
      min = "8",
      max = "65536")
  int outbox_mib() default 512;

  @AttributeDefinition(
      name = "When the outbox is full",
      description = "What gives way.",
      options = {
        @Option(value = "drop-oldest", label = "The oldest of the lowest priority"),
        @Option(value = "refuse-newest", label = "The new message"),
        @Option(value = "thin-out", label = "The oldest become means; at least 32 MiB")
      })
  String outbox_when_full() default "drop-oldest";

  @AttributeDefinition(
      name = "Interval of thinned-out messages",
      description =
          "With thin-out: measurements of a device in so long become one message with mean,"
              + " smallest, largest and count. For example PT5M for five minutes.")
  String outbox_thin_interval() default "PT5M";

  @AttributeDefinition(
      name = "Shares of the outbox (percent)",
      description =
          "What a flow may take while others need room: flow/office:50, *:20. The star is each flow"
              + " that is not named. Empty: only priority decides. At least 32 MiB.",
      required = false)
  String outbox_shares() default "";

  @AttributeDefinition(
      name = "Commit interval (milliseconds)",
      description = "A message is on disk after that at the latest. Longer spares the flash.",
      min = "0",
      max = "10000")
  int commit_interval_ms() default 100;

  @AttributeDefinition(
      name = "Payload encoding",
      description =
          "How messages are written. The hub reads both; simple-json is for other readers, costs"
              + " more bytes and is never compressed.",
      options = {
        @Option(value = "kura-protobuf", label = "Protocol Buffers"),
        @Option(value = "simple-json", label = "JSON")
      })
  String payload_encoding() default "kura-protobuf";

  @AttributeDefinition(
      name = "Compress",
      description = "Protocol Buffers go out with gzip where that is shorter.")
  boolean encode_gzip() default true;

  @AttributeDefinition(
      name = "Display name",
      description = "The gateway's name for people. Empty: its id.",
      required = false)
  String display_name() default "";

  @AttributeDefinition(
      name = "Position",
      description =
          "Where the gateway stands, for the hub's map: LATITUDE, LONGITUDE in degrees, and ALTITUDE"
              + " in metres if it matters, for example 48.1374, 11.5755, 520. Empty: not told.",
      required = false)
  String position() default "";

  @AttributeDefinition(
      name = "Birth delay (seconds)",
      description =
          "So long a change of the gateway's applications or facts is held back, and merged with"
              + " others, before the hub is told.",
      min = "1",
      max = "3600")
  int birth_delay_seconds() default 30;

  @AttributeDefinition(
      name = "Stacks in replies",
      description =
          "Replies with code 500 tell where in the program it went wrong. For developers: it shows"
              + " the hub what runs inside.")
  boolean reply_stack() default false;

  @AttributeDefinition(
      name = "Link",
      description =
          "What the way to the hub costs and can bear; can also be switched while it runs, in the"
              + " console.",
      options = {
        @Option(value = "normal", label = "Normal: all goes up"),
        @Option(value = "slow", label = "Slow: what is least urgent waits"),
        @Option(value = "metered", label = "Metered: only what is urgent goes up"),
        @Option(value = "off", label = "Off: nothing goes up")
      })
  String link() default "normal";

  @AttributeDefinition(
      name = "Link by the hour",
      description =
          "Hours at which the link is something else, in the gateway's local time: metered Mon-Fri"
              + " 08:00-18:00, off 02:00-03:00. Of several that fit the first counts.",
      required = false)
  String link_schedule() default "";

  @AttributeDefinition(
      name = "Measure the link",
      description =
          "A link that would be normal is slow while publishing is found to be slow for half a"
              + " minute, and normal again after a minute in which it is not.")
  boolean link_measured() default true;

  @AttributeDefinition(
      name = "Slow above (milliseconds)",
      description = "From sending to the broker's acknowledgement, median of ten seconds.",
      min = "10",
      max = "60000")
  int link_slow_round_trip_ms() default 2000;

  @AttributeDefinition(
      name = "Slow below (bytes a second)",
      description = "Of what is acknowledged while more waits. 0: does not count.",
      min = "0",
      max = "100000000")
  int link_slow_bytes_per_second() default 2000;

  @AttributeDefinition(
      name = "Priority on a slow link",
      description = "Messages of this priority and of lower numbers go up, others wait.",
      min = "0",
      max = "9")
  int link_slow_priority() default 6;

  @AttributeDefinition(
      name = "Priority on a metered link",
      description = "Messages of this priority and of lower numbers go up, others wait.",
      min = "0",
      max = "9")
  int link_metered_priority() default 3;
}
