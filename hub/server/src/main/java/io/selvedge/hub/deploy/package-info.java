/** Desired deployments: signed, sent, and their blocks served. */
@NullMarked
package io.selvedge.hub.deploy;

import org.jspecify.annotations.NullMarked;
