package io.selvedge.console;

import io.selvedge.api.uplink.OutboxView;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An outbox with two dead letters; the one of record 18 is not taken again. */
final class FakeOutbox implements OutboxView {

  private final List<DeadLetter> letters = new ArrayList<>();

  FakeOutbox(Clock clock) {
    letters.add(
        new DeadLetter(
            17, "flow/office", 5, clock.instant(), "payload of [9] bytes is too large", 9));
    letters.add(new DeadLetter(18, "", 3, clock.instant(), "topic is not allowed", 120));
  }

  @Override
  public Status status() {
    Counts office =
        new Counts(
            1200,
            1187,
            Map.of("expired", 2L, "refused", 1L),
            10,
            800,
            Optional.of(Duration.ofSeconds(7)));
    return new Status(
        "a1",
        office,
        Map.of("flow/office", office),
        0,
        8_388_608,
        OptionalDouble.of(1.42),
        letters.size());
  }

  @Override
  public List<DeadLetter> deadLetters() {
    return List.copyOf(letters);
  }

  @Override
  public Optional<Content> content(long id) {
    return letters.stream()
        .filter(letter -> letter.id() == id)
        .findFirst()
        .map(
            letter ->
                new Content(
                    "DATA-V1/office",
                    Optional.of(letter.time()),
                    Map.of("temperature", "21.5"),
                    0));
  }

  @Override
  public CompletionStage<Long> resend(long id) {
    if (id == 18) {
      return CompletableFuture.failedFuture(new IllegalStateException("outbox is full"));
    }
    letters.removeIf(letter -> letter.id() == id);
    return CompletableFuture.completedFuture(2001L);
  }

  @Override
  public boolean delete(long id) {
    return letters.removeIf(letter -> letter.id() == id);
  }
}
