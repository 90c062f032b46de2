@NullMarked
package io.selvedge.hardware;

import org.jspecify.annotations.NullMarked;
