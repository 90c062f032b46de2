/** Tests of the assembled distribution: as a process, and from inside its framework. */
@NullMarked
package io.selvedge.itest;

import org.jspecify.annotations.NullMarked;
