package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.EventListener;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiaryTest {

  private final Listeners<EventListener> listeners = new Listeners<>(null);
  private final Diary diary = new Diary(Clock.fixed(Running.NOW, ZoneOffset.UTC), listeners);

  @Test
  void keepsTheNewestThousandNewestFirst() {
    for (int i = 0; i < 1_005; i++) {
      diary.report(Severity.INFO, "device/hall", "device.up", "number [" + i + "]");
    }

    assertThat(diary.recent(2))
        .extracting(Event::message)
        .containsExactly("number [1004]", "number [1003]");
    assertThat(diary.recent(5_000)).hasSize(1_000);
    assertThat(diary.recent(0)).isEmpty();
    assertThat(diary.recent(-1)).isEmpty();
    assertThat(diary.recent(1).get(0).time()).isEqualTo(Running.NOW);
  }

  @Test
  void tellsEveryListenerWhateverAnotherThrows() {
    List<String> heard = new ArrayList<>();
    listeners.add(
        (EventListener)
            event -> {
              throw new IllegalStateException("no [disk]");
            });
    listeners.add(
        (EventListener)
            event -> {
              throw new NoClassDefFoundError("gone");
            });
    listeners.add((EventListener) event -> heard.add(event.code()));

    diary.report(Severity.WARNING, "flow/office", "flow.refused", "first");
    diary.report(Severity.ERROR, "gateway", "disk.full", "second");

    assertThat(heard).containsExactly("flow.refused", "disk.full");
  }

  @Test
  void aListenerThatReportsItselfIsHeard() {
    List<String> heard = new ArrayList<>();
    listeners.add(
        (EventListener)
            event -> {
              heard.add(event.code());
              if (heard.size() < 3) {
                diary.report(Severity.INFO, "x", "again." + heard.size(), "");
              }
            });

    diary.report(Severity.INFO, "x", "first", "");

    assertThat(heard).containsExactly("first", "again.1", "again.2");
  }
}
