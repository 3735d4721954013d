package io.peerlink.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.admin.ClusterAdmin;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
    @Test
    void isAHostAndAPort() {
        assertThat(Endpoint.of("localhost:1")).isEqualTo(new Endpoint("localhost", 1));
        assertThat(Endpoint.of("10.0.0.1:65535")).isEqualTo(new Endpoint("10.0.0.1", 65_535));
        assertThat(Endpoint.of("[fe80::1%eth0]:7401")).isEqualTo(new Endpoint("fe80::1%eth0", 7401));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "h", "h:", ":1", "h:0", "h:65536", "h:99999", "h:-1", "h:+1", "h:1x", "a b:1", "::1:7401"})
    void anythingElseIsNone(String text) {
        assertThat(Endpoint.find(text)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerLinkClient.builder().servers("localhost:7401", text))
                .withMessage("'" + text + "' is not host:port with a port from 1 to 65535");
        assertThatIllegalArgumentException().isThrownBy(() -> new ClusterAdmin(List.of(text), Duration.ofSeconds(1)));
    }
}
