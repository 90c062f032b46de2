@NullMarked
package io.selvedge.training;

import org.jspecify.annotations.NullMarked;
