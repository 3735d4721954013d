package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.MessageStatus;
import io.peerlink.client.MessageStatus.State;
import io.peerlink.integration.readme.SdkExample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The README's Java example against a real router. */
final class SdkExampleIT {
    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofOne();

    @Test
    void exampleOfTheReadmeDoesWhatItSays() throws InterruptedException {
        MessageStatus status = SdkExample.run(CLUSTER.servers().toArray(String[]::new));

        assertThat(status.sender()).isEqualTo("alice");
        assertThat(status.recipients()).singleElement().satisfies(bob -> {
            assertThat(bob.peer()).isEqualTo("bob");
            assertThat(bob.state()).isEqualTo(State.DELIVERED);
        });
    }
}
