/** Who may come in: one-time codes, sessions, hosts and origins. */
@NullMarked
package io.selvedge.console.auth;

import org.jspecify.annotations.NullMarked;
