/** MCP3008 analogue to digital converter. */
@NullMarked
package io.selvedge.driver.mcp3008;

import org.jspecify.annotations.NullMarked;
