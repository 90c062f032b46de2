@NullMarked
package io.selvedge.ai.runtime;

import org.jspecify.annotations.NullMarked;
