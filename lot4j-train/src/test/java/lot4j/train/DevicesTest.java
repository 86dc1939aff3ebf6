package lot4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class DevicesTest {
  @Test
  void autoIsADeviceThatTheEngineKnows() {
    try (PointerScope scope = new PointerScope()) {
      Device device = new Device(Devices.resolved("auto"));
      assertThat(device.is_cpu()).isEqualTo(!torch.cuda_is_available());
    }
  }

  @Test
  void whatIsNamedStaysAsItIs() {
    assertThat(Devices.resolved("cpu")).isEqualTo("cpu");
    assertThat(Devices.resolved("cuda:1")).isEqualTo("cuda:1");
  }
}
