package io.selvedge.outbox;

/**
 * A record that was handed out.
 *
 * @param id rises within an outbox, with gaps; never used twice
 * @param source who appended it; empty: the gateway itself
 * @param priority 0 to 9
 * @param payload what was appended. Do not change the array
 * @param ordinal the how-manieth of its priority; for the outbox's own use
 */
public record OutRecord(long id, String source, int priority, byte[] payload, long ordinal) {}
