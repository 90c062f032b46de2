/** Commands that ask a hub, wherever it is: rollouts, deployments, artifacts, the fleet. */
@NullMarked
package io.selvedge.cli.fleet;

import org.jspecify.annotations.NullMarked;
