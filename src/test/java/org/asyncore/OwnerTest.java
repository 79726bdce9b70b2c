package org.asyncore;

import static org.asyncore.HouseTest.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Finds what the pom lacks before it can be published: the owner's, which nobody may invent. */
class OwnerTest {
  private static final String POM = read(Path.of("pom.xml"));
  private static final Pattern OWNERS = Pattern.compile("<(owner\\.[\\w.]+)>([^<]*)</");
  private static final String PLACEHOLDER = "TO BE GIVEN: ";

  @Test
  void whatTheOwnerGivesIsAPlaceholderOrAllOfItIsGiven() {
    List<MatchResult> owners = OWNERS.matcher(POM).results().toList();
    assertEquals(6, owners.size());
    long open = owners.stream().filter(owner -> owner.group(2).startsWith(PLACEHOLDER)).count();
    assertTrue(
        open == 0 || open == owners.size(), () -> open + " of " + owners.size() + " to be given");
  }

  @Test
  void aReleaseRefusesEachPlaceholder() {
    for (MatchResult owner : OWNERS.matcher(POM).results().toList()) {
      assertTrue(POM.contains("${" + owner.group(1) + "}"), () -> owner.group(1) + " is not used");
      String rule = "<property>" + owner.group(1) + "</property>";
      assertTrue(
          POM.contains(rule), () -> "the profile release does not ask for " + owner.group(1));
    }
  }
}
