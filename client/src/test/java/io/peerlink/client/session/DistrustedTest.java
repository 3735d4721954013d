package io.peerlink.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.RouterTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistrustedTest {
    private final Distrusted distrusted = new Distrusted();

    private void note(String address, ErrorCode code) {
        distrusted.note(address, new PeerLinkException(code, "why", "", false));
    }

    @Test
    void oneOfSeveralEndsNothing() {
        note("a:1", ErrorCode.UNTRUSTED_ROUTER);

        assertThat(distrusted.contains("a:1")).isTrue();
        assertThat(distrusted.verdict(Optional.of("b:1"), true)).isEmpty();
        assertThat(distrusted.verdict(Optional.empty(), true)).isEmpty();
    }

    @Test
    void theLeaderOrAllThatAnswerEndTheSearch() {
        note("a:1", ErrorCode.UNTRUSTED_ROUTER);

        assertThat(distrusted.verdict(Optional.of("a:1"), true).orElseThrow()).hasMessage("a:1: why");
        assertThat(distrusted.verdict(Optional.of("b:1"), false)).isPresent();
        distrusted.clear();
        assertThat(distrusted.verdict(Optional.of("a:1"), false)).isEmpty();
    }

    @Test
    void whoIsOnlyAwayIsNotDistrusted() {
        note("a:1", ErrorCode.UNAVAILABLE);

        assertThat(distrusted.contains("a:1")).isFalse();
        assertThat(distrusted.verdict(Optional.of("a:1"), false)).isEmpty();
    }

    @Test
    void aRedirectLeadsToWhoWasSeenOrIsNamedOtherwise(@TempDir Path directory) throws IOException {
        RouterTrust.FirstSight trust = (RouterTrust.FirstSight) RouterTrust.firstSight(directory.resolve("known"));
        EndpointSelector endpoints = new EndpointSelector(List.of("a:1"), trust::followsTo);

        endpoints.hint("stranger:1");
        assertThat(endpoints.hint()).isEmpty();
        trust.known().remember("stranger:1", "SHA256:AA" + ":AA".repeat(31));
        endpoints.hint("stranger:1");
        assertThat(endpoints.hint()).contains("stranger:1");
        Files.writeString(directory.resolve("known"), "torn:1 SHA256:A\n", StandardOpenOption.APPEND);
        endpoints.hint("torn:1");
        assertThat(endpoints.hint()).as("who connects is told what is wrong").contains("torn:1");
        endpoints.learn(List.of("told:1"));
        endpoints.hint("told:1");
        assertThat(endpoints.hint()).contains("told:1");
        endpoints.hint("a:1");
        assertThat(endpoints.hint()).contains("a:1");
    }
}
