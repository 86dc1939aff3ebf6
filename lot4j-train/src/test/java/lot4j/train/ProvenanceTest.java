package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
  @Test
  void namesWhatDecidesTheKernels() {
    assertThat(Provenance.capability("AVX512", Set.of("fpu", "avx512_bf16", "amx_bf16")))
        .isEqualTo("AVX512+amx_bf16+avx512_bf16");
    assertThat(Provenance.capability("AVX2", Set.of("avx2", "sse4_2"))).isEqualTo("AVX2");
    assertThat(Provenance.cpuCapability()).matches("[A-Z0-9 ]+(\\+[a-z0-9_]+)*");
  }
}
