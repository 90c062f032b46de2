package io.selvedge.hub.rollout;

import io.selvedge.hub.store.Gateway;
import io.selvedge.hub.store.Gateways;
import java.util.ArrayList;
import java.util.List;

/** Looks the whole fleet through, page by page. */
final class Fleet {

  private Fleet() {}

  /** Those that are selected, by id. */
  static List<Gateway> of(Gateways gateways, int page, Selection selection) {
    List<Gateway> selected = new ArrayList<>();
    String after = "";
    List<Gateway> some;
    do {
      some = gateways.list(after, page);
      for (Gateway one : some) {
        after = one.id();
        if (selection.takes(one)) {
          selected.add(one);
        }
      }
    } while (some.size() == page);
    return selected;
  }
}
