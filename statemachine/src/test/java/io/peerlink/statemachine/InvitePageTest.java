package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.createInvite;
import static io.peerlink.statemachine.Commands.hash;
import static io.peerlink.statemachine.Commands.revokeInvite;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.statemachine.StateView.InviteView;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InvitePageTest {
    @TempDir
    Path directory;

    @Test
    void goesOnBehindTheLastOneOfAPage() {
        try (Scenario scenario = new Scenario(directory)) {
            for (String code : List.of("d", "a", "e", "c", "b")) {
                scenario.one(createInvite(code, "", 10_000));
            }
            assertThat(page(scenario, ByteString.EMPTY, 2)).containsExactly(hash("a"), hash("b"));
            assertThat(page(scenario, hash("b"), 2)).containsExactly(hash("c"), hash("d"));

            scenario.one(revokeInvite("d"));
            assertThat(page(scenario, hash("d"), 2)).as("used meanwhile").containsExactly(hash("e"));
            assertThat(page(scenario, hash("e"), 2)).isEmpty();
        }
    }

    private static List<ByteString> page(Scenario scenario, ByteString after, int max) {
        return scenario.view().invites(after, max).stream()
                .map(InviteView::hash)
                .toList();
    }
}
