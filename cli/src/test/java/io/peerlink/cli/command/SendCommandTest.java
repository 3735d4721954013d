package io.peerlink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.peerlink.cli.ExitCode;
import io.peerlink.cli.Failure;
import io.peerlink.cli.command.SendCommand.WaitFor;
import io.peerlink.client.MessageId;
import io.peerlink.client.MessageStatus;
import io.peerlink.client.MessageStatus.RecipientStatus;
import io.peerlink.client.MessageStatus.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SendCommandTest {
    @Test
    void whoeverNeverGetsItFailsTheWait() {
        MessageStatus status = status(State.DELIVERED, State.EXPIRED, State.LEFT);

        Failure delivered = Failure.of(catchThrowable(() -> SendCommand.requireEveryone(WaitFor.DELIVERED, status)));
        Failure read = Failure.of(catchThrowable(() -> SendCommand.requireEveryone(WaitFor.READ, status)));

        assertThat(delivered.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(delivered.code()).isEqualTo("NOT_DELIVERED");
        assertThat(delivered.message()).endsWith("by peer1 (expired), peer2 (left)");
        assertThat(read.code()).isEqualTo("NOT_READ");
    }

    @Test
    void everyoneThereIsFine() {
        assertThatCode(() -> SendCommand.requireEveryone(WaitFor.DELIVERED, status(State.DELIVERED, State.READ)))
                .doesNotThrowAnyException();
    }

    private static MessageStatus status(State... states) {
        List<RecipientStatus> recipients = new java.util.ArrayList<>();
        for (State state : states) {
            recipients.add(new RecipientStatus("peer" + recipients.size(), state, Instant.EPOCH, Optional.empty()));
        }
        return new MessageStatus(
                new MessageId("team", 1),
                "alice",
                new MessageStatus.LogPlace(1, 2),
                Instant.EPOCH,
                Instant.EPOCH,
                recipients);
    }
}
