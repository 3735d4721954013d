package io.peerlink.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShellLineTest {
    @Test
    void textIsTakenAsItStands() {
        assertThat(ShellLine.words("SEND_MSG bob it's  \"fine\" -- really "))
                .containsExactly("SEND_MSG", "--", "bob", "it's  \"fine\" -- really");
    }

    @Test
    void commandMayBeInAnyCase() {
        assertThat(ShellLine.words("send_Msg bob hi")).containsExactly("send_Msg", "--", "bob", "hi");
    }

    @Test
    void missingTextGivesNoWordForIt() {
        assertThat(ShellLine.words("SEND_MSG bob")).containsExactly("SEND_MSG", "--", "bob");
        assertThat(ShellLine.words("SEND_MSG")).containsExactly("SEND_MSG", "--");
    }

    @Test
    void otherCommandsAreSplitAtBlanks() {
        assertThat(ShellLine.words("  HISTORY \t bob  5 ")).containsExactly("HISTORY", "bob", "5");
    }

    @Test
    void blankLinesAndCommentsAreNothing() {
        assertThat(ShellLine.words("   ")).isEmpty();
        assertThat(ShellLine.words("# SEND_MSG bob hi")).isEmpty();
    }
}
