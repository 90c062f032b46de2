package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Groups of gateways. */
public final class GroupCommands {

  private GroupCommands() {}

  /** {@code selvedge groups}. */
  @Command(
      name = "groups",
      mixinStandardHelpOptions = true,
      description = "Show of which groups a gateway is, or put it into these and no others.",
      footer = {
        "",
        "Rollouts to a group (rollout create --in) go by this at once. The gateway itself, which"
            + " refuses documents for groups of others, learns of them when it is enrolled again."
      })
  public static final class Groups implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "GATEWAY", description = "The gateway's id.")
    private String gateway = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "GROUP", description = "A group.")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--none", description = "Take it out of all groups.")
    private boolean none;

    @Mixin private HubAccess access = new HubAccess();

    @Override
    public Integer call() throws InterruptedException {
      if (none && !groups.isEmpty()) {
        throw new HubException(
            ExitCodes.USAGE, "--none must not go with groups " + groups + "; leave one out");
      }
      HubClient hub = access.client();
      String path = "/api/v1/gateways/" + HubClient.encode(gateway);
      JsonNode one;
      if (none || !groups.isEmpty()) {
        ObjectNode body = HubClient.JSON.createObjectNode();
        groups.forEach(body.putArray("groups")::add);
        one = hub.put(path + "/groups", body);
      } else {
        one = hub.get(path);
      }
      if (access.json()) {
        System.out.println(one.toPrettyString());
      } else {
        one.path("groups").forEach(group -> System.out.println(group.asText()));
      }
      return ExitCodes.DONE;
    }
  }

  /** {@code selvedge deploy-group}. */
  @Command(
      name = "deploy-group",
      mixinStandardHelpOptions = true,
      description = {
        "Sign one document for a whole group: its gateways run exactly these artifacts, and what is"
            + " not named is taken away from them. At once and without groups in turn; to change one"
            + " artifact and leave the rest: selvedge rollout create --in GROUP."
      })
  public static final class DeployGroup implements Callable<Integer> {

    @Mixin private TermsOptions terms = new TermsOptions();
    @Mixin private HubAccess access = new HubAccess();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name.")
    private String group = "";

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "ARTIFACT",
        converter = ArtifactName.Converter.class,
        description = "NAME, NAME@VERSION or KIND/NAME@VERSION; the newest version.")
    private List<ArtifactName> artifacts = new ArrayList<>();

    @Option(
        names = "--envelope",
        description = "Print the signed document, as gateways take it, and nothing else.")
    private boolean envelope;

    @Override
    public Integer call() throws InterruptedException {
      ObjectNode body = HubClient.JSON.createObjectNode().put("group", group).put("exactly", true);
      ArtifactName.put(body, "artifacts", artifacts);
      terms.into(body);
      JsonNode made = access.client().post("/api/v1/deployments", body);
      System.out.println(
          envelope
              ? made.path("envelope").asText()
              : access.json()
                  ? made.toPrettyString()
                  : "Revision "
                      + made.path("revision").asLong()
                      + " is issued for group "
                      + group
                      + ": "
                      + made.path("gateways").size()
                      + " gateways");
      return ExitCodes.DONE;
    }
  }
}
