package io.selvedge.driver.opcua;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "OPC UA server",
    description = "Controllers and machines that speak OPC UA")
@interface OpcUaConfig {

  @AttributeDefinition(name = "Device", description = "Id of the device, for example press-2")
  String device_id();

  @AttributeDefinition(
      name = "Server",
      description = "Its address, for example opc.tcp://192.168.1.30:4840")
  String bus() default "";

  @AttributeDefinition(
      name = "Nodes",
      description =
          "One a channel, separated by | as: id unit kind node, for example"
              + " temperature Cel decimal ns=2;s=Oven.Temperature | motor - flag ns=2;i=1001 writable;"
              + " kind is decimal, whole, flag or text")
  String nodes() default "";

  @AttributeDefinition(
      name = "Security",
      description = "What is agreed with the server; none is for closed networks only",
      options = {
        @Option(label = "Basic256Sha256", value = "Basic256Sha256"),
        @Option(label = "Aes128-Sha256-RsaOaep", value = "Aes128_Sha256_RsaOaep"),
        @Option(label = "Aes256-Sha256-RsaPss", value = "Aes256_Sha256_RsaPss"),
        @Option(label = "none", value = "None")
      })
  String security() default "Basic256Sha256";

  @AttributeDefinition(
      name = "Server's certificate",
      description =
          "SHA-256 of it, 64 hexadecimal digits; leave it empty once, and the refusal shows it",
      required = false)
  String server_certificate() default "";

  @AttributeDefinition(name = "User", description = "Empty: without a user", required = false)
  String user() default "";

  @AttributeDefinition(
      name = "Password",
      description = "Of the user; sent only where security is not none",
      type = AttributeType.PASSWORD,
      required = false)
  String _password() default "";

  @AttributeDefinition(
      name = "Timeout",
      description = "For one answer, milliseconds",
      min = "100",
      max = "30000")
  int timeout_ms() default 3000;

  @AttributeDefinition(
      name = "Interval",
      description = "Between two reads, milliseconds",
      min = "10")
  int interval_ms() default 1000;

  @AttributeDefinition(name = "Deadline", description = "For one read, milliseconds", min = "100")
  int deadline_ms() default 10000;

  String webconsole_configurationFactory_nameHint() default "{bus} {device.id}";
}
