package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code selvedge keys …}. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "The key that the hub signs deployments with, and another one in its place.%n",
    footer = {"", "What gateways do with it: docs/deployment.md, Trust"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the hub refused",
      "2:wrong use, or it was not confirmed",
      "4:no hub answers there, or it does not take the token"
    })
public final class KeysCommand {

  private static final String PATH = "/api/v1/keys";

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show the key's id, the public key, and the changes that led to it.")
  int list(@Mixin HubAccess access) throws InterruptedException {
    JsonNode keys = access.client().get(PATH);
    if (access.json()) {
      System.out.println(keys.toPrettyString());
      return ExitCodes.DONE;
    }
    System.out.println("Key " + keys.path("id").asText() + "  " + keys.path("publicKey").asText());
    for (JsonNode one : keys.path("changes")) {
      System.out.println(
          "  "
              + one.path("issued").asText()
              + "  "
              + one.path("from").asText()
              + " → "
              + one.path("to").asText());
    }
    return ExitCodes.DONE;
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description = {
        "Make a new key, signed with the old one. Gateways that trust the old one then trust the new"
            + " one only: those that are connected at once, the others when they connect. Back up"
            + " the hub's keys directory afterwards."
      })
  int rotate(
      @Option(names = "--yes", description = "Do not ask; needed where there is no terminal.")
          boolean yes,
      @Mixin HubAccess access)
      throws InterruptedException {
    HubClient hub = access.client();
    String old = hub.get(PATH).path("id").asText();
    if (!yes && !confirmed(old)) {
      throw new HubException(
          ExitCodes.USAGE, "key [" + old + "] stays: it was not confirmed; --yes does not ask");
    }
    JsonNode made = hub.post(PATH + "/rotate", HubClient.JSON.createObjectNode());
    System.out.println(
        access.json()
            ? made.toPrettyString()
            : "Key "
                + old
                + " is replaced by "
                + made.path("id").asText()
                + "; back up the hub's keys directory now");
    return ExitCodes.DONE;
  }

  /** Where there is no terminal, nothing is typed: the input ends. */
  private static boolean confirmed(String old) {
    System.err.print("Replace key " + old + " for all gateways? [y/N] ");
    Scanner typed = new Scanner(System.in, StandardCharsets.UTF_8);
    return typed.hasNextLine() && typed.nextLine().strip().equalsIgnoreCase("y");
  }
}
