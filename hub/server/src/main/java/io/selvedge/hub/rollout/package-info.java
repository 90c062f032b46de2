/**
 * Deployments taken to many gateways, group after group, on what the gateways themselves report.
 */
@NullMarked
package io.selvedge.hub.rollout;

import org.jspecify.annotations.NullMarked;
