/** What went over real buses, kept in a file of text and played again without hardware. */
@NullMarked
package io.selvedge.testkit.recording;

import org.jspecify.annotations.NullMarked;
