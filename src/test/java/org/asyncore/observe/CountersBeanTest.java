package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;
import org.junit.jupiter.api.Test;

/** The counters in the platform's MBean server. */
class CountersBeanTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private final Counters counters = new Counters();

  @Test
  void showsWhatIsCounted() throws JMException {
    CallLog calls = CallLog.of(ScriptedSocket.connected().feed("abc"));
    calls.map().observer(counters);
    calls.dispatcher().wants(true, false).on("handleRead", d -> d.recv(2));
    try (CountersBean bean = CountersBean.register(counters, "shows: what, is=counted")) {
      calls.pass();
      assertEquals(1L, SERVER.getAttribute(nameOf(bean), "Passes"));
      assertEquals(2L, SERVER.getAttribute(nameOf(bean), "BytesReceived"));
      TabularData callbacks = (TabularData) SERVER.getAttribute(nameOf(bean), "Callbacks");
      assertEquals(1L, callbacks.get(new Object[] {"READ"}).get("value"));
    }
  }

  @Test
  void everyCountHasAnAttribute() throws JMException {
    try (CountersBean bean = CountersBean.register(counters, "every")) {
      List<String> attributes =
          Arrays.stream(SERVER.getMBeanInfo(nameOf(bean)).getAttributes())
              .map(MBeanAttributeInfo::getName)
              .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
              .sorted()
              .toList();
      List<String> counts =
          Stream.concat(
                  Arrays.stream(Counts.class.getRecordComponents())
                      .map(component -> component.getName()),
                  Stream.of("transports"))
              .sorted()
              .toList();
      assertEquals(counts, attributes);
    }
  }

  @Test
  void saysWhichTransportServesAndWhy() throws JMException {
    CallLog calls = CallLog.of(ScriptedSocket.connected());
    calls.map().observer(counters);
    try (CountersBean bean = CountersBean.register(counters, "transports")) {
      calls.pass();
      String[] transports = (String[]) SERVER.getAttribute(nameOf(bean), "Transports");
      assertEquals(List.of("scripted: it was given by the program"), List.of(transports));
    }
  }

  @Test
  void theDashboardIsDrawnFromItsAttributes() throws Exception {
    String dashboard = Files.readString(Path.of("docs/dashboard.json"));
    Set<String> drawn =
        Pattern.compile("org_asyncore_Counters_(\\w+)")
            .matcher(dashboard)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    try (CountersBean bean = CountersBean.register(counters, "drawn")) {
      for (MBeanAttributeInfo attribute : SERVER.getMBeanInfo(nameOf(bean)).getAttributes()) {
        drawn.remove(attribute.getName());
      }
    }
    assertEquals(Set.of(), drawn);
  }

  @Test
  void isGoneOnceClosedAndMayBeClosedTwice() throws JMException {
    CountersBean bean = CountersBean.register(counters, "gone");
    assertTrue(SERVER.isRegistered(nameOf(bean)));
    bean.close();
    bean.close();
    assertFalse(SERVER.isRegistered(nameOf(bean)));
  }

  @Test
  void closingTwiceLeavesAloneWhoGotTheNameSince() throws JMException {
    CountersBean first = CountersBean.register(counters, "reused");
    first.close();
    try (CountersBean second = CountersBean.register(new Counters(), "reused")) {
      first.close();
      assertTrue(SERVER.isRegistered(nameOf(second)));
    }
  }

  @Test
  void aNameThatIsTakenIsRefusedAndStaysWithItsOwner() throws JMException {
    try (CountersBean owner = CountersBean.register(counters, "taken")) {
      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class, () -> CountersBean.register(new Counters(), "taken"));
      assertEquals("there are counters named taken already", refused.getMessage());
      assertEquals(0L, SERVER.getAttribute(nameOf(owner), "Passes"));
    }
  }

  private static ObjectName nameOf(CountersBean bean) throws JMException {
    return new ObjectName(bean.name());
  }
}
