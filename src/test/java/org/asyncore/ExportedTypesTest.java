package org.asyncore;

import static org.asyncore.HouseTest.assertNone;
import static org.asyncore.HouseTest.files;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asyncore.testkit.TestLoop;
import org.asyncore.testkit.netty.TestPipeline;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * What users of the module see is of packages that they can read: its exported ones, and those of
 * the modules that it requires for them. javac's lint of exports says so, too, and stumbles over
 * annotations.
 */
class ExportedTypesTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final Pattern EXPORTED =
      Pattern.compile("(org\\.asyncore(?:\\.(?!netty|internal)\\w+)?)\\.[A-Z].*");
  private static final Pattern READABLE =
      Pattern.compile(
          EXPORTED
              + "|java\\..*|javax\\.net\\.ssl\\..*"
              + "|io\\.micrometer\\.core\\.instrument\\..*" // Of whoever uses MicrometerBinder.
              + "|io\\.netty\\.(buffer|util(\\.\\w+)*|channel(\\.socket)?|handler(\\.\\w+)+)\\.[A-Z].*");

  @Test
  void everyTypeThatUsersSeeIsOneThatTheyCanRead() throws ClassNotFoundException {
    List<String> breaches = new ArrayList<>();
    List<Class<?>> types = exportedTypes();
    for (Class<?> type : types) {
      for (Class<?> above : type.getInterfaces()) check(breaches, type, above);
      if (type.getSuperclass() != null) check(breaches, type, type.getSuperclass());
      for (Field field : type.getDeclaredFields()) {
        if (isSeen(field)) check(breaches, field, field.getType());
      }
      for (Constructor<?> made : type.getDeclaredConstructors()) {
        if (isSeen(made)) checkAll(breaches, made, made.getParameterTypes());
      }
      for (Method method : type.getDeclaredMethods()) {
        if (!isSeen(method)) continue;
        check(breaches, method, method.getReturnType());
        checkAll(breaches, method, method.getParameterTypes());
        checkAll(breaches, method, method.getExceptionTypes());
      }
    }
    assertNone(breaches);
    assertTrue(types.size() > 50, () -> "looked at " + types);
  }

  @Test
  void everyExportedPackageSaysThatNullIsAnnotated() throws ClassNotFoundException {
    List<String> breaches = new ArrayList<>();
    for (Class<?> type : exportedTypes()) {
      if (type.getPackage().isAnnotationPresent(NullMarked.class)) continue;
      breaches.add(type.getPackageName() + " is not @NullMarked");
    }
    assertNone(breaches);
  }

  @Test
  void thePackagesOfTheTestKitSaySoToo() {
    for (Class<?> type : List.of(TestLoop.class, TestPipeline.class)) {
      assertTrue(type.getPackage().isAnnotationPresent(NullMarked.class), type.getPackageName());
    }
  }

  private static List<Class<?>> exportedTypes() throws ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    for (Path file : files(MAIN, ".java")) {
      String path = MAIN.relativize(file).toString();
      Matcher exported = EXPORTED.matcher(path.replace(".java", "").replace('/', '.'));
      if (exported.matches()) addSeen(types, Class.forName(exported.group()));
    }
    return types;
  }

  private static void addSeen(List<Class<?>> types, Class<?> type) {
    if (!isSeen(type.getModifiers())) return;
    types.add(type);
    for (Class<?> nested : type.getDeclaredClasses()) addSeen(types, nested);
  }

  private static boolean isSeen(Member member) {
    return isSeen(member.getModifiers()) && !member.isSynthetic();
  }

  private static boolean isSeen(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static void checkAll(List<String> breaches, Object seen, Class<?>[] types) {
    for (Class<?> type : types) check(breaches, seen, type);
  }

  private static void check(List<String> breaches, Object seen, Class<?> type) {
    Class<?> plain = type;
    while (plain.isArray()) plain = plain.componentType();
    if (plain.isPrimitive() || READABLE.matcher(plain.getName()).matches()) return;
    breaches.add(seen + " shows " + plain.getName());
  }
}
