package io.selvedge.mqtt;

import io.selvedge.protocol.kura.PayloadFormat;
import io.selvedge.protocol.kura.Position;
import java.time.Duration;
import java.util.Optional;

/**
 * How the gateway presents itself in the Kura namespace.
 *
 * @param displayName for people
 * @param position where it stands; empty where that is not configured
 * @param format how it writes payloads
 * @param birthDelay so long a change is held back before it is told, merged with others
 * @param stacks whether a reply with code 500 tells where in the program it went wrong
 */
record Identity(
    String displayName,
    Optional<Position> position,
    PayloadFormat format,
    Duration birthDelay,
    boolean stacks) {}
