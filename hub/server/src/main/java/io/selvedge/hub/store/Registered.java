package io.selvedge.hub.store;

import io.selvedge.api.deployment.Artifact;
import java.time.Instant;
import java.util.Optional;

/**
 * An artifact in the registry.
 *
 * @param artifact what it is and its files
 * @param created when it was registered
 * @param training the run that made it; empty where none did
 * @param lineage where it comes from, a JSON object
 * @param metrics how good it was, a JSON object
 */
public record Registered(
    Artifact artifact, Instant created, Optional<Long> training, String lineage, String metrics) {}
