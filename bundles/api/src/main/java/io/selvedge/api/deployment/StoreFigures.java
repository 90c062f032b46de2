package io.selvedge.api.deployment;

/**
 * What the files of deployments take of the gateway's disk.
 *
 * @param bytes all of them
 * @param unneededBytes those that may go when room is needed
 * @param files how many
 * @param budget what they may take; what is needed stays even beyond it
 */
public record StoreFigures(long bytes, long unneededBytes, int files, long budget) {}
