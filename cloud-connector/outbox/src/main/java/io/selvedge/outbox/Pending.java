package io.selvedge.outbox;

import java.util.concurrent.CompletableFuture;

/** A record that waits for its commit. */
record Pending(
    int lane, long id, int source, int expires, byte[] payload, CompletableFuture<Long> stage) {}
