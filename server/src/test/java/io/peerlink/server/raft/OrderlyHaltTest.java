package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrderlyHaltTest {
    private final List<FatalFault> halts = new ArrayList<>();
    private final OrderlyHalt halt = new OrderlyHalt((fault, reason, cause) -> halts.add(fault));

    @Test
    void whatFailsOnTheWayOutHaltsNobody() {
        halt.halt(FatalFault.LOG_CLOSED, "closed", new IllegalStateException());
        assertThat(halts).containsExactly(FatalFault.LOG_CLOSED);
        halt.stop();
        halt.halt(FatalFault.LOG_NOT_WRITTEN, "interrupted", new IllegalStateException());
        assertThat(halts).hasSize(1);
    }
}
