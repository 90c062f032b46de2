package io.selvedge.hub.rollout;

import java.time.Instant;

/**
 * One transition.
 *
 * @param id rises
 * @param who a person, or the hub that did it by itself
 * @param subject empty: the rollout; {@code group/NAME}; {@code gateway/ID}
 * @param from state before; empty where it is new
 */
public record RolloutEvent(
    long id, Instant at, String who, String subject, String from, String to, String why) {}
