package lot4j.atari;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Where a variable of a loaded library lies, on 64-bit Linux. The library's table of symbols (ELF)
 * and the process's own map of its memory say it. The linker would say it too, but only for
 * libraries whose symbols are open to all others; the emulator's would then take the place of
 * libtorch's.
 */
final class ElfSymbol {
  private static final Path MAP = Path.of("/proc/self/maps");
  private static final int MAGIC = 0x464c457f;
  private static final int DYNAMIC_SYMBOLS = 11;
  private static final int SECTION_BYTES = 64;
  private static final int SYMBOL_BYTES = 24;

  private ElfSymbol() {}

  /** The address of {@code name} in {@code library}; empty if it cannot be found here. */
  static OptionalLong address(Path library, String name) throws IOException {
    if (!Files.isReadable(MAP) || !Files.isReadable(library)) {
      return OptionalLong.empty();
    }
    OptionalLong base = base(library);
    OptionalLong offset = offset(Files.readAllBytes(library), name);
    return base.isPresent() && offset.isPresent()
        ? OptionalLong.of(base.getAsLong() + offset.getAsLong())
        : OptionalLong.empty();
  }

  /** Where the library's first byte is mapped. */
  private static OptionalLong base(Path library) throws IOException {
    try (Stream<String> lines = Files.lines(MAP)) {
      return lines
          .map(line -> line.split("\\s+", 6))
          .filter(field -> field.length == 6 && field[5].equals(library.toString()))
          .filter(field -> Long.parseLong(field[2], 16) == 0)
          .mapToLong(field -> Long.parseLong(field[0].substring(0, field[0].indexOf('-')), 16))
          .min();
    }
  }

  private static OptionalLong offset(byte[] file, String name) {
    ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < SECTION_BYTES || elf.getInt(0) != MAGIC || elf.get(4) != 2) {
      return OptionalLong.empty();
    }
    int sections = Math.toIntExact(elf.getLong(0x28));
    int count = elf.getShort(0x3c);
    for (int i = 0; i < count; i++) {
      int section = sections + i * SECTION_BYTES;
      if (elf.getInt(section + 4) == DYNAMIC_SYMBOLS) {
        int names = sections + elf.getInt(section + 0x28) * SECTION_BYTES;
        return offset(elf, section, Math.toIntExact(elf.getLong(names + 0x18)), name);
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong offset(ByteBuffer elf, int section, int names, String name) {
    byte[] wanted = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    int begin = Math.toIntExact(elf.getLong(section + 0x18));
    int end = begin + Math.toIntExact(elf.getLong(section + 0x20));
    for (int symbol = begin; symbol + SYMBOL_BYTES <= end; symbol += SYMBOL_BYTES) {
      int written = names + elf.getInt(symbol);
      if (written + wanted.length <= elf.limit()
          && elf.slice(written, wanted.length).equals(ByteBuffer.wrap(wanted))) {
        return OptionalLong.of(elf.getLong(symbol + 8));
      }
    }
    return OptionalLong.empty();
  }
}
