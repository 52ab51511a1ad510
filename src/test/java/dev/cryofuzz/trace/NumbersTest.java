package dev.cryofuzz.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.HeaderEnum;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The numbers of control.h and ours are the same. */
class NumbersTest {
  @Test
  void operations() throws Exception {
    List<String> header = HeaderEnum.names("control.h", "cf_op", "CF_OP_?");
    assertThat(header).startsWith("NONE").endsWith("S");
    assertThat(header.subList(1, header.size() - 1))
        .isEqualTo(Arrays.stream(Op.values()).map(Op::name).toList());
    for (Op op : Op.values()) {
      assertThat(header.get(op.number())).isEqualTo(op.name());
      assertThat(Op.of(op.number())).contains(op);
      assertThat(Op.of(op.text())).contains(op);
    }
    assertThat(Op.of(0)).isEmpty();
  }

  @Test
  void flagsAreBitsInTheirOrder() throws Exception {
    assertThat(HeaderEnum.names("control.h", "cf_step_flag", "CF_STEP_"))
        .isEqualTo(Arrays.stream(Flag.values()).map(Flag::name).toList());
    assertThat(Flag.of(0)).isEmpty();
    assertThat(Flag.of(1 | 4 | 64)).containsExactlyInAnyOrder(Flag.EVENT, Flag.HELD, Flag.TIMEOUT);
    assertThat(Flag.of(0xff)).isEqualTo(Set.of(Flag.values()));
  }
}
