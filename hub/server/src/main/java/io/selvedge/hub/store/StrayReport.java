package io.selvedge.hub.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A gateway's word that it refused a document of a group that it is not of. It comes under the
 * revision that the gateway had before, which may be none: the refused one is above that.
 */
record StrayReport(long newest, String message) {

  static final String CODE = DeploymentException.Code.NOT_FOR_THIS_GATEWAY.text();

  /** Empty where the reported state tells of no such thing. */
  static Optional<StrayReport> parse(byte[] reported) {
    try {
      JsonNode deployment = Json.mapper().readTree(reported).path("deployment");
      String code = deployment.path("code").asText();
      return code.equals(CODE)
          ? Optional.of(
              new StrayReport(
                  deployment.path("newest").asLong(), deployment.path("message").asText()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // kept as it came; nothing is concluded from it
    }
  }

  /** Notes it with the documents for groups that the gateway has not taken up. */
  void store(Handle h, String gateway) {
    h.createUpdate(
            "update deployments set stray = true, delivery = 'REFUSED',"
                + " delivery_message = :message where gateway = :gateway and for_group"
                + " and not stray and revision > :newest and not exists (select 1"
                + " from deployment_reports r where r.gateway = deployments.gateway"
                + " and r.revision = deployments.revision)")
        .bind("message", message)
        .bind("gateway", gateway)
        .bind("newest", newest)
        .execute();
  }
}
