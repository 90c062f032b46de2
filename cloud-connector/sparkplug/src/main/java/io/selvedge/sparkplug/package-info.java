@NullMarked
package io.selvedge.sparkplug;

import org.jspecify.annotations.NullMarked;
