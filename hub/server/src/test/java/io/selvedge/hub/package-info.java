@NullMarked
package io.selvedge.hub;

import org.jspecify.annotations.NullMarked;
