package io.selvedge.deployment;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Deployments",
    description = "How files of deployments come to this gateway, and how many are kept.")
@interface TransferConfig {

  @AttributeDefinition(
      name = "Store, MiB",
      description =
          "So much may the files of models, flows and bundles take. Beyond it those that were not"
              + " needed for the longest time go; those of the live and of the previous deployment"
              + " stay in any case.",
      min = "1",
      max = "1048576")
  int store_mib() default 512;

  @AttributeDefinition(
      name = "Bytes a second",
      description = "Files come no faster than this. 0: as fast as the link allows.",
      min = "0")
  long bytes_per_second() default 0;

  @AttributeDefinition(
      name = "Under way, KiB",
      description =
          "So much of a file may be asked for and not yet be here, where the link carries it.",
      min = "64",
      max = "65536")
  int window_kib() default 16384;

  @AttributeDefinition(
      name = "Time of the day",
      description =
          "Files come only then, by the gateway's local time, for example 22:00-05:00. Empty: at any"
              + " time.",
      required = false)
  String time_of_day() default "";

  @AttributeDefinition(
      name = "Hosts for HTTP",
      description =
          "Files may come by HTTP or HTTPS from these hosts (HOST or HOST:PORT, with commas"
              + " between), where a deployment says so. Empty: only from the hub.",
      required = false)
  String http_hosts() default "";
}
