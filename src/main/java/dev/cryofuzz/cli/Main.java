package dev.cryofuzz.cli;

/** Where the process begins and ends. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Stop stop = new Stop();
    Console console = Console.ofProcess();
    stop.atShutdown();
    stop.atInterrupts(console);
    Surroundings surroundings = new Surroundings(console, new NativeBench(), stop, System.getenv());
    System.exit(stop.finish(new Shell(surroundings).run(arguments)));
  }
}
