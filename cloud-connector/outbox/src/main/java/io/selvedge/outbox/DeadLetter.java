package io.selvedge.outbox;

import java.time.Instant;

/**
 * A record that the receiver does not take.
 *
 * @param id of the record
 * @param source who appended it; empty: the gateway itself
 * @param priority 0 to 9
 * @param time when it was refused, UTC
 * @param why as the receiver or the connection said it
 * @param size bytes of payload
 */
public record DeadLetter(
    long id, String source, int priority, Instant time, String why, long size) {}
