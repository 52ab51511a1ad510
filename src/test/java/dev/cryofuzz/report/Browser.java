package dev.cryofuzz.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser without a screen. Starting it takes a second or two: one for a whole class. */
final class Browser implements AutoCloseable {
  private final Path folder;
  private final ChromeDriver driver;

  /**
   * @param folder for its profile and the pages
   */
  Browser(Path folder) {
    this.folder = folder;
    ChromeOptions options = new ChromeOptions().setBinary(inPath("chromium").toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // its sandbox refuses to run as root
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-extensions",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--user-data-dir=" + folder.resolve("profile"));
    // It is said at each start that this browser is newer than the library.
    Logger.getLogger("org.openqa.selenium.devtools").setLevel(Level.OFF);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(inPath("chromedriver").toFile())
            .withSilent(true)
            .build();
    this.driver = new ChromeDriver(service, options);
    tell("Performance.enable", Map.of("timeDomain", "threadTicks"));
  }

  private static Path inPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + program + "; type: ci/setup --tests"));
  }

  /** A window of that size, in which nothing of the last page is left. */
  void open(String page, int width, int height) throws IOException {
    Path file = Files.writeString(folder.resolve("page.html"), page);
    tell("Emulation.setDeviceMetricsOverride", metrics(width, height));
    driver.get("about:blank");
    driver.get(file.toUri().toString());
  }

  private static Map<String, Object> metrics(int width, int height) {
    return Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false);
  }

  /**
   * Seconds of processor time that the page has taken so far, whoever else is at work here: all of
   * what its main thread did, or what the name says of it, as in "LayoutDuration".
   */
  double took(String name) {
    List<?> metrics =
        (List<?>) driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
    return metrics.stream()
        .map(metric -> (Map<?, ?>) metric)
        .filter(metric -> name.equals(metric.get("name")))
        .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue())
        .findFirst()
        .orElseThrow();
  }

  void prefer(String scheme) {
    prefer("prefers-color-scheme", scheme);
  }

  void preferMotion(String motion) {
    prefer("prefers-reduced-motion", motion);
  }

  private void prefer(String name, String value) {
    Map<String, String> feature = Map.of("name", name, "value", value);
    tell("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
  }

  void scripts(boolean allowed) {
    tell("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
  }

  private void tell(String command, Map<String, Object> arguments) {
    driver.executeCdpCommand(command, arguments);
  }

  /** What the page has complained about since it was asked last. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  void press(CharSequence... keys) {
    for (CharSequence key : keys) {
      driver.switchTo().activeElement().sendKeys(key);
    }
  }

  void tab() {
    press(Keys.TAB);
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  Object eval(String script) {
    return driver.executeScript("return " + script);
  }

  /** The picture of the whole page, for people to look at. */
  void picture(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, shot(2));
  }

  /** Just after a page was opened the driver may still hold on to the one before it. */
  private byte[] shot(int moreTries) {
    try {
      return driver.getScreenshotAs(OutputType.BYTES);
    } catch (TimeoutException e) {
      if (moreTries == 0) {
        throw e;
      }
      return shot(moreTries - 1);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
