package lot4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lot4j.testkit.NativeObjects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static void write(Memory memory, double value) {
    try (PointerScope step = new PointerScope()) {
      memory.write(List.of(torch.full(new long[] {2, 3}, new Scalar(value))));
    }
  }

  private static double value(Memory memory) {
    try (PointerScope scope = new PointerScope()) {
      return memory.read().get(0).mean().item_double();
    }
  }

  @Test
  void whatIsWrittenOutlivesTheStepsScope() {
    try (Memory memory = new Memory()) {
      assertThat(memory.read()).isEmpty();
      write(memory, 4);
      assertThat(value(memory)).isEqualTo(4);
      write(memory, 5);
      assertThat(value(memory)).isEqualTo(5);
    }
  }

  @Test
  void whatIsWrittenIsAConstant() {
    try (PointerScope scope = new PointerScope();
        Memory memory = new Memory()) {
      Tensor weight = torch.ones(2).set_requires_grad(true);
      memory.write(List.of(weight.mul(weight)));
      assertThat(memory.read().get(0).requires_grad()).isFalse();
    }
  }

  @Test
  void whatWasReadMayBeWrittenAgain() {
    try (Memory memory = new Memory()) {
      write(memory, 4);
      try (PointerScope step = new PointerScope()) {
        memory.write(memory.read());
      }
      assertThat(value(memory)).isEqualTo(4);
    }
  }

  @Test
  void rewindingGoesBackToTheMarkAsOftenAsAsked() {
    try (Memory memory = new Memory()) {
      write(memory, 1);
      memory.mark();
      for (int value = 2; value < 4; value++) {
        write(memory, value);
        memory.rewind();
        assertThat(value(memory)).isEqualTo(1);
      }
    }
  }

  @Test
  void rewindingWithoutAMarkIsAStreamsStart() {
    try (Memory memory = new Memory()) {
      write(memory, 1);
      memory.rewind();
      assertThat(memory.read()).isEmpty();
    }
  }

  @Test
  void aMarkAtAStreamsStartReplacesTheOneBefore() {
    try (Memory memory = new Memory()) {
      write(memory, 1);
      memory.mark();
      memory.clear();
      memory.mark();
      write(memory, 2);
      memory.rewind();
      assertThat(memory.read()).isEmpty();
    }
  }

  @Test
  void clearingKeepsTheMark() {
    try (Memory memory = new Memory()) {
      write(memory, 1);
      memory.mark();
      memory.clear();
      assertThat(memory.read()).isEmpty();
      memory.rewind();
      assertThat(value(memory)).isEqualTo(1);
    }
  }

  @Test
  void nothingIsLeftBehind() {
    NativeObjects.assertUnchangedBy(
        () -> {
          try (Memory memory = new Memory()) {
            for (int i = 0; i < 3; i++) {
              write(memory, i);
              memory.mark();
              write(memory, i + 1);
              memory.rewind();
              memory.mark();
            }
            memory.clear();
            memory.rewind();
          }
        });
  }

  @Test
  void stepsHoldNoMoreThanTheStateAndItsMark() {
    try (Memory memory = new Memory()) {
      write(memory, 1);
      memory.mark();
      write(memory, 1);
      NativeObjects.assertUnchangedBy(
          () -> {
            memory.rewind();
            memory.mark();
            write(memory, 2);
          });
    }
  }
}
