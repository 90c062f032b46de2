package io.selvedge.hub.deploy;

import io.selvedge.api.uplink.Request;
import io.selvedge.hub.store.Gateway;
import io.selvedge.hub.store.Gateways;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all gateways at once that the hub's key has changed. Those that are away learn it when they
 * connect.
 */
public final class KeyNews {

  private static final Logger log = LoggerFactory.getLogger(KeyNews.class);
  private static final int PAGE = 500;

  private final Gateways gateways;
  private final Deployer.Downlink downlink;

  public KeyNews(Gateways gateways, Deployer.Downlink downlink) {
    this.gateways = gateways;
    this.downlink = downlink;
  }

  /** Sends a change to each gateway that is enrolled. */
  public void tell(SignedEnvelope change) {
    byte[] body = change.toJson();
    String after = "";
    while (true) {
      List<Gateway> page = gateways.list(after, PAGE);
      page.forEach(gateway -> tell(gateway.id(), body));
      if (page.size() < PAGE) {
        return;
      }
      after = page.get(PAGE - 1).id();
    }
  }

  private void tell(String gateway, byte[] body) {
    downlink.ask(
        gateway,
        HubRequests.TWIN,
        new Request(Request.Method.PUT, "keys", Map.of(), body),
        reply -> {
          if (reply.code() != 200) {
            log.warn("Gateway {} refused the change of key: {}", gateway, reply.message());
          }
        });
  }
}
