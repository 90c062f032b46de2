package io.selvedge.sparkplug;

import java.util.Optional;

/**
 * Which edge node this is, and the topics that follow from it: Sparkplug 3.0.0, section 4.1.
 *
 * @param group id of the group; not empty, without {@code + / #} and control characters
 * @param node id of the node within the group, likewise
 */
record NodeId(String group, String node) {

  static final String NAMESPACE = "spBv1.0";

  private static final String STATE = "STATE";

  /** What a message is: the third part of its topic. */
  enum MessageType {
    NBIRTH,
    NDEATH,
    NDATA,
    NCMD,
    DBIRTH,
    DDEATH,
    DDATA,
    DCMD
  }

  NodeId {
    requireId("group id", group);
    requireId("edge node id", node);
  }

  /** Refuses what may not be a part of a topic. */
  static void requireId(String what, String id) {
    boolean allowed =
        id.codePoints()
            .noneMatch(c -> c == '+' || c == '/' || c == '#' || isForbidden(Character.getType(c)));
    if (id.isBlank() || !allowed) {
      throw new IllegalArgumentException(
          what
              + " ["
              + id
              + "] must not be empty and must not hold + / # or control characters, for example"
              + " [plant-1]");
    }
  }

  private static boolean isForbidden(int type) {
    return type == Character.CONTROL || type == Character.SURROGATE || type == Character.UNASSIGNED;
  }

  /** Topic of a message of the node itself. */
  String topic(MessageType type) {
    return NAMESPACE + '/' + group + '/' + type + '/' + node;
  }

  /** Topic of a message of one of its devices. */
  String topic(MessageType type, String device) {
    return topic(type) + '/' + device;
  }

  /** Topic on which a host says whether it is there. */
  static String stateTopic(String host) {
    return NAMESPACE + '/' + STATE + '/' + host;
  }

  /** Whether the topic is that of a command to the node itself. */
  boolean isNodeCommand(String topic) {
    return topic.equals(topic(MessageType.NCMD));
  }

  /** The device that a command is for; empty where the topic is not that of a device's command. */
  Optional<String> commandedDevice(String topic) {
    String start = topic(MessageType.DCMD) + '/';
    boolean fits = topic.startsWith(start) && topic.indexOf('/', start.length()) < 0;
    return fits ? Optional.of(topic.substring(start.length())) : Optional.empty();
  }
}
