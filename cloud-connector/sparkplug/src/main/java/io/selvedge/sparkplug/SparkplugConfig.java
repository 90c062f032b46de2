package io.selvedge.sparkplug;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "Sparkplug B connection",
    description =
        "The gateway as an edge node of Sparkplug B 3.0, beside the connection to the hub.")
@interface SparkplugConfig {

  @AttributeDefinition(
      name = "Broker",
      description =
          "Address: tcp://HOST:PORT, or ssl://HOST:PORT for TLS. Several, with commas between:"
              + " the next one is tried when one does not answer or the primary host is not there.")
  String broker() default "tcp://127.0.0.1:1883";

  @AttributeDefinition(
      name = "Group id",
      description = "Second part of every topic; gateways that belong together share it.")
  String group_id() default "selvedge";

  @AttributeDefinition(
      name = "Edge node id",
      description = "Name of this gateway within the group. Empty: the gateway's id.",
      required = false)
  String edge_node_id() default "";

  @AttributeDefinition(
      name = "Client id",
      description = "Name at the broker. Empty: the gateway's id with -sparkplug behind it.",
      required = false)
  String client_id() default "";

  @AttributeDefinition(
      name = "User",
      description = "Empty: signs in without user and password.",
      required = false)
  String user() default "";

  @AttributeDefinition(
      name = "Password file",
      description = "File with the password in its first line, relative to the folder conf.",
      required = false)
  String password_file() default "trust/sparkplug.password";

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
      name = "Primary host id",
      description =
          "Nothing is published unless this host application says that it is online. Empty: no"
              + " host is waited for.",
      required = false)
  String primary_host_id() default "";

  @AttributeDefinition(
      name = "Aliases",
      description =
          "Data carries numbers in place of metric names; shorter, and readable only for who heard"
              + " the births.")
  boolean aliases() default false;

  @AttributeDefinition(
      name = "Templates and data sets",
      description =
          "Aggregates (count, max, mean, min of a channel) go as one metric, an instance of the"
              + " template Aggregate; texts that are JSON objects, or several of them, as data sets."
              + " Not every host knows these types.")
  boolean complex_types() default false;

  @AttributeDefinition(
      name = "Pause between rebirths (seconds)",
      description = "Births that hosts ask for within this time are told once.",
      min = "0",
      max = "300")
  int rebirth_pause_seconds() default 2;

  @AttributeDefinition(
      name = "Keep alive (seconds)",
      description = "So often at least the gateway says that it is there.",
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
      name = "Messages under way",
      description = "So many may be published before the broker is known to have read them.",
      min = "1",
      max = "10000")
  int window() default 1000;

  @AttributeDefinition(
      name = "Largest message (KiB)",
      description = "What is larger is not sent but kept as a dead letter.",
      min = "1",
      max = "1024")
  int largest_message_kib() default 1024;

  @AttributeDefinition(
      name = "Outbox (MiB)",
      description = "So much is kept on disk while there is no session.",
      min = "8",
      max = "65536")
  int outbox_mib() default 128;

  @AttributeDefinition(
      name = "When the outbox is full",
      description = "What gives way.",
      options = {
        @Option(value = "drop-oldest", label = "The oldest of the lowest priority"),
        @Option(value = "refuse-newest", label = "The new message")
      })
  String outbox_when_full() default "drop-oldest";

  @AttributeDefinition(
      name = "Commit interval (milliseconds)",
      description = "A message is on disk after that at the latest. Longer spares the flash.",
      min = "0",
      max = "10000")
  int commit_interval_ms() default 100;
}
