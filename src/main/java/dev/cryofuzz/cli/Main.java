package dev.cryofuzz.cli;

/** Where the process begins and ends. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Stop stop = new Stop();
    stop.atShutdown();
    Surroundings surroundings =
        new Surroundings(Console.ofProcess(), new NativeBench(), stop, System.getenv());
    System.exit(stop.finish(new Shell(surroundings).run(arguments)));
  }
}
