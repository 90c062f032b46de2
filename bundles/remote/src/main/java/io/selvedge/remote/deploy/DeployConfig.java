package io.selvedge.remote.deploy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "Packages from afar (DEPLOY-V2)",
    description =
        "Whether Kapua or the hub may download and install bundles by Kura's protocol. Deployments of"
            + " the hub do not need it.")
@interface DeployConfig {

  @AttributeDefinition(
      name = "Install",
      description =
          "off: nothing is downloaded or installed. signed: what a certificate in"
              + " conf/trust/packages or a key in conf/trust has signed. There is no way to install"
              + " what nobody signed.",
      options = {
        @Option(label = "nothing", value = "off"),
        @Option(label = "what is signed", value = "signed")
      })
  String install() default "off";

  @AttributeDefinition(
      name = "Largest package",
      description = "Mebibytes of one package; what is larger is refused.",
      min = "1",
      max = "4096")
  int package_most_mib() default 256;
}
