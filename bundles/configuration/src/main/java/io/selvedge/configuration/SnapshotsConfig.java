package io.selvedge.configuration;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
    name = "Configuration snapshots",
    description = "How the configuration was before: so much of it is kept.")
@interface SnapshotsConfig {

  @AttributeDefinition(
      name = "Number",
      description = "So many snapshots are kept; the newest always is.",
      min = "2",
      max = "1000")
  int snapshots_most() default 50;

  @AttributeDefinition(
      name = "Size",
      description = "So many kibibytes of snapshots are kept.",
      min = "64",
      max = "1048576")
  int snapshots_kib() default 4096;
}
