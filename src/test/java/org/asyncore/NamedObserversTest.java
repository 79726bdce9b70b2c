package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.asyncore.NamedObservers.NamedProviders;
import org.junit.jupiter.api.Test;

/** Observers that the command line names. */
class NamedObserversTest {
  @Test
  void theLibrarysOwnAreKnownBySimpleAndByFullName() {
    NamedProviders found = NamedProviders.of("SpinDoctor, org.asyncore.observe.JfrEvents");
    assertEquals(
        List.of("SpinDoctor", "JfrEvents"),
        found.found().stream().map(each -> each.type().getSimpleName()).toList());
  }

  @Test
  void eachMapHasItsOwn() {
    NamedProviders found = NamedProviders.of("SlowCallbacks");
    assertNotSame(found.make(), found.make());
  }

  @Test
  void oneThatIsNotThereIsSaidWithThoseThatAre() {
    NamedProviders found = NamedProviders.of("SpinDoctor,Nobody");
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, found::make);
    assertEquals(
        "no observer is named Nobody (-Dorg.asyncore.observers); there are"
            + " [ErrorLog, JfrEvents, SlowCallbacks, SpinDoctor, UnclosedDispatchers]",
        refused.getMessage());
  }
}
