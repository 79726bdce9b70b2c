package org.asyncore.compat.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.asyncore.compat.json.Json;

/**
 * A scenario's file, read.
 *
 * @param name what it is called
 * @param shows one line that says what it is about
 * @param modes in which modes it is played
 * @param needs what it asks of the platform
 * @param channels the declarations of its channels, by name
 * @param steps its script
 */
public record Scenario(
    String name,
    String shows,
    List<Mode> modes,
    Set<String> needs,
    Map<String, Fields> channels,
    List<Action> steps) {

  /** The scenario in a file. */
  public static Scenario read(Path file) {
    try {
      return of(Fields.asObject(Json.parse(Files.readString(file))));
    } catch (IOException | IllegalArgumentException e) {
      throw new ScenarioException(file + ": " + e.getMessage(), e);
    }
  }

  /** The scenario that a JSON object is. */
  public static Scenario of(Map<String, Object> json) {
    Fields fields = new Fields(json);
    return new Scenario(
        fields.text("name"),
        fields.text("shows", ""),
        fields.has("modes")
            ? fields.list("modes").stream().map(mode -> Mode.of((String) mode)).toList()
            : List.of(Mode.values()),
        fields.has("needs") ? texts(fields.list("needs")) : Set.of(),
        declarations(fields.object("channels")),
        Action.listOf(fields.value("steps")));
  }

  private static Set<String> texts(List<?> list) {
    Set<String> texts = new TreeSet<>();
    for (Object item : list) texts.add((String) item);
    return texts;
  }

  private static Map<String, Fields> declarations(Fields channels) {
    Map<String, Fields> declarations = new LinkedHashMap<>();
    for (String name : channels.json().keySet()) declarations.put(name, channels.object(name));
    return declarations;
  }

  /** The declaration of a channel. */
  public Fields channel(String declared) {
    Fields declaration = channels.get(declared);
    if (declaration == null) throw new ScenarioException("no channel " + declared);
    return declaration;
  }

  @Override
  public String toString() {
    return name;
  }
}
