package io.selvedge.hub.store;

/**
 * What became of a gateway's messages of one application.
 *
 * @param app application id, for example {@code DATA-V1}
 * @param stored stored, each once
 * @param duplicates came again and were not stored again
 * @param refused set aside as dead letters
 */
public record Counts(String app, long stored, long duplicates, long refused) {}
