package dev.cryofuzz.arch;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** Switches over such a type are complete. */
final class BeSealed extends ArchCondition<JavaClass> {
  private BeSealed() {
    super("be sealed");
  }

  static BeSealed sealed() {
    return new BeSealed();
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    boolean sealed = type.reflect().isSealed();
    String state = sealed ? " is sealed" : " is not sealed";
    events.add(new SimpleConditionEvent(type, sealed, type.getName() + state));
  }
}
