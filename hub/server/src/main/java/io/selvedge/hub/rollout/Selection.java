package io.selvedge.hub.rollout;

import io.selvedge.hub.store.Gateway;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which gateways a rollout is for. */
public sealed interface Selection {

  /** Whether a gateway is meant. */
  boolean takes(Gateway gateway);

  /** These and no others. */
  record Listed(List<String> ids) implements Selection {

    public Listed {
      ids = List.copyOf(ids);
    }

    @Override
    public boolean takes(Gateway gateway) {
      return ids.contains(gateway.id());
    }
  }

  /**
   * Whoever is so, now and later. One whose password was taken away is not meant unless it is
   * connected.
   *
   * @param id pattern of ids; {@code *} stands for any characters, {@code ?} for one
   * @param group that they are of; empty: any or none
   * @param birth what its birth must say, values as patterns
   */
  record Fleet(String id, Optional<String> group, Map<String, String> birth) implements Selection {

    public Fleet {
      birth = Map.copyOf(birth);
    }

    @Override
    public boolean takes(Gateway gateway) {
      boolean reachable = gateway.enrolled().isPresent() || gateway.state() == Gateway.State.ONLINE;
      return reachable
          && matches(id, gateway.id())
          && group.filter(one -> !gateway.groups().contains(one)).isEmpty()
          && birth.entrySet().stream()
              .allMatch(
                  one ->
                      gateway.birth().containsKey(one.getKey())
                          && matches(one.getValue(), gateway.birth().get(one.getKey())));
    }

    private static boolean matches(String pattern, String text) {
      String regex =
          pattern
              .chars()
              .mapToObj(
                  c ->
                      c == '*'
                          ? ".*"
                          : c == '?' ? "." : Pattern.quote(Character.toString((char) c)))
              .collect(Collectors.joining());
      return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }
  }
}
