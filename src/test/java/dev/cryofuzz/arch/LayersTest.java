package dev.cryofuzz.arch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The import directions of the design. They may not change; names of places may. */
class LayersTest {
  private static final String ROOT = "dev.cryofuzz.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.cryofuzz");

  /** What a package imports by law. Types that these expose in their own API come with them. */
  private static final Map<String, List<String>> LAYERS =
      Map.ofEntries(
          Map.entry("scenario", List.of()),
          Map.entry("finding", List.of()),
          Map.entry("trace", List.of("scenario")),
          Map.entry("oracle", List.of("scenario", "finding", "trace")),
          Map.entry("target", List.of("scenario")),
          Map.entry("sys", List.of()),
          // A run comes with its verdict; that of two runs is the oracle's.
          Map.entry("executor", List.of("target", "oracle", "sys")),
          Map.entry("corpus", List.of("scenario", "finding")),
          Map.entry("fuzz", List.of("executor", "oracle", "corpus", "sys")),
          Map.entry("shrink", List.of("scenario", "finding", "executor")),
          Map.entry("explain", List.of("scenario", "finding", "executor")),
          Map.entry("report", List.of("scenario", "finding", "trace")),
          Map.entry("export", List.of("scenario", "finding", "trace", "report")));

  private static final List<String> PURE =
      List.of("scenario", "finding", "trace", "oracle", "report", "export", "target");

  static Stream<Arguments> layers() {
    return LAYERS.entrySet().stream()
        .map(layer -> Arguments.of(layer.getKey(), allowed(layer.getKey())));
  }

  private static Set<String> allowed(String layer) {
    Set<String> allowed = new TreeSet<>(Set.of(layer));
    LAYERS.get(layer).forEach(next -> allowed.addAll(exposed(next)));
    return allowed;
  }

  /** The executor's API has no type of sys: who uses the one does not get the other. */
  private static Set<String> exposed(String layer) {
    Set<String> exposed = allowed(layer);
    if (!layer.equals("sys")) {
      exposed.remove("sys");
    }
    return exposed;
  }

  private static String packageOf(String layer) {
    return ROOT + layer + "..";
  }

  private static String[] packagesOf(List<String> layers) {
    return layers.stream().map(LayersTest::packageOf).toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void importsGoOneWay(String layer, Set<String> allowed) {
    String[] packages = packagesOf(List.copyOf(allowed));
    noClasses()
        .that()
        .resideInAPackage(packageOf(layer))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.cryofuzz..").and(not(resideInAnyPackage(packages))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> known = new TreeSet<>(LAYERS.keySet());
    known.add("cli");
    assertThat(CLASSES)
        .isNotEmpty()
        .extracting(type -> type.getPackageName().substring(ROOT.length()).split("\\.")[0])
        .isSubsetOf(known);
  }

  @Test
  void thereAreNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /** They see interfaces and records of the executor, never how it works. */
  @Test
  void minimizerAndExplainerKnowTheExecutorsInterfaceOnly() {
    DescribedPredicate<JavaClass> inner =
        DescribedPredicate.describe(
            "are how the executor works",
            type -> !type.isInterface() && !type.isRecord() && !type.isEnum() && !isThrown(type));
    noClasses()
        .that()
        .resideInAnyPackage(packageOf("shrink"), packageOf("explain"))
        .should()
        .dependOnClassesThat(resideInAPackage(packageOf("executor")).and(inner))
        .orShould()
        .dependOnClassesThat(resideInAPackage(packageOf("sys")))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static boolean isThrown(JavaClass type) {
    return type.isAssignableTo(Throwable.class);
  }

  @Test
  void eachLibraryHasOneUser() {
    onlyIn("fuzz", "com.code_intelligence..");
    onlyIn("sys", "jnr..", "com.kenai..");
    onlyIn("cli", "picocli..");
    onlyIn("corpus", "org.apache.commons.compress..");
  }

  private static void onlyIn(String layer, String... libraries) {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf(layer))
        .should()
        .dependOnClassesThat(resideInAnyPackage(libraries))
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLinePrintsAndExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .check(CLASSES);
  }

  /** Streams and texts in memory are fine, whoever opened them; so are exceptions. */
  @Test
  void pureLayersHaveNoInputAndOutput() {
    DescribedPredicate<JavaClass> inMemory =
        DescribedPredicate.describe(
            "are in memory",
            type ->
                Set.of(
                        "java.io.InputStream",
                        "java.io.ByteArrayInputStream",
                        "java.io.ByteArrayOutputStream",
                        "java.io.StringReader",
                        "java.io.StringWriter",
                        "java.io.IOException",
                        "java.io.UncheckedIOException",
                        "java.io.Serializable")
                    .contains(type.getName()));
    noClasses()
        .that()
        .resideInAnyPackage(packagesOf(PURE))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                .and(not(inMemory)))
        .check(CLASSES);
  }

  @Test
  void pureLayersHaveNoClockThreadOrRandomness() {
    DescribedPredicate<JavaClass> unpredictable =
        DescribedPredicate.describe(
            "are a source of nondeterminism",
            type ->
                Set.of(
                        "java.lang.Thread",
                        "java.lang.ThreadLocal",
                        "java.lang.Process",
                        "java.lang.ProcessBuilder",
                        "java.lang.Runtime",
                        "java.lang.System",
                        "java.time.Clock",
                        "java.time.Instant",
                        "java.time.LocalDateTime",
                        "java.util.Date",
                        "java.util.Timer",
                        "java.util.Random",
                        "java.util.SplittableRandom",
                        "java.util.UUID",
                        "java.security.SecureRandom")
                    .contains(type.getName()));
    noClasses()
        .that()
        .resideInAnyPackage(packagesOf(PURE))
        .should()
        .dependOnClassesThat(
            unpredictable.or(resideInAnyPackage("java.util.concurrent..", "java.util.random..")))
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  @Test
  void outcomesAreClosedTypes() {
    classes()
        .that()
        .haveSimpleName("Verdict")
        .or()
        .haveSimpleName("Action")
        .should(BeSealed.sealed())
        .check(CLASSES);
  }
}
