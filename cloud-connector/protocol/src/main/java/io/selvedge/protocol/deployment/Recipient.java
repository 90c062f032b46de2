package io.selvedge.protocol.deployment;

import java.util.Set;

/**
 * Who reads a deployment: what of it has to fit.
 *
 * @param gateway this gateway's id
 * @param groups the groups that it belongs to
 * @param runtime the version that it runs
 */
public record Recipient(String gateway, Set<String> groups, RuntimeVersion runtime) {

  public Recipient {
    groups = Set.copyOf(groups);
  }

  /** Whether a deployment for that target is for this gateway. */
  public boolean isMeantBy(Target target) {
    return switch (target.kind()) {
      case GATEWAY -> target.name().equals(gateway);
      case GROUP -> groups.contains(target.name());
    };
  }
}
