package dev.cryofuzz.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Looks at the machine. */
@Command(
    name = "doctor",
    description =
        "Look at what this machine has of what cryofuzz can use, and say what to type for what is"
            + " missing. Exits with 4 if nothing could run here.")
final class DoctorCommand implements Callable<Integer> {
  private final Surroundings around;

  DoctorCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    List<Symptom> symptoms = new Examination(around.bench()).all();
    int width = symptoms.stream().mapToInt(symptom -> symptom.what().length()).max().orElse(1);
    for (Symptom symptom : symptoms) {
      around.console().data(text(symptom, width));
    }
    boolean ill = symptoms.stream().anyMatch(symptom -> symptom.state() == Symptom.State.FATAL);
    return ill ? ExitCode.NOTHING_COULD_RUN : ExitCode.CLEAN;
  }

  private String text(Symptom symptom, int width) {
    Console console = around.console();
    String mark =
        switch (symptom.state()) {
          case FINE -> console.good("ok     ");
          case LACKING -> "lacking";
          case FATAL -> console.bad("MISSING");
        };
    String cure = symptom.cure().isEmpty() ? "" : "; type: " + symptom.cure();
    return mark
        + " "
        + String.format("%-" + width + "s  ", symptom.what())
        + symptom.found()
        + cure;
  }
}
