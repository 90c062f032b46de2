/** MCP9808 thermometer. */
@NullMarked
package io.selvedge.driver.mcp9808;

import org.jspecify.annotations.NullMarked;
