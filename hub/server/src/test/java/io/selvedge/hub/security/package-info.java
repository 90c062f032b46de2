@NullMarked
package io.selvedge.hub.security;

import org.jspecify.annotations.NullMarked;
