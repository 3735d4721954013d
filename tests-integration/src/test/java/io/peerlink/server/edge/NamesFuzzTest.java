package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.identity.Identity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names and conversation ids as routers take them, held against the grammar; and the client library agrees with them. */
final class NamesFuzzTest {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Path NOWHERE = Path.of("/nonexistent");

    @FuzzTest
    void canonicalisesByTheGrammarAlone(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Optional<String> expected =
                NAME.matcher(text).matches() ? Optional.of(text.toLowerCase(Locale.ROOT)) : Optional.empty();

        assertThat(Names.canonical(text)).isEqualTo(expected);
        assertThat(expected.flatMap(Names::canonical)).as("once is enough").isEqualTo(expected);
        assertThat(isTakenByTheClient(text)).as("the client library").isEqualTo(expected.isPresent());
        conversation(text);
    }

    private static boolean isTakenByTheClient(String text) {
        try {
            return !Identity.exists(NOWHERE, text);
        } catch (PeerLinkException e) {
            return false;
        }
    }

    private static void conversation(String text) {
        String[] sides = text.split("~", -1);
        boolean isOne = sides.length <= 2;
        for (String side : sides) {
            isOne &= NAME.matcher(side).matches();
        }
        Optional<String> conversation = RequestForm.conversation(text);
        assertThat(conversation.isPresent()).isEqualTo(isOne);
        assertThat(conversation.flatMap(RequestForm::conversation)).isEqualTo(conversation);
        if (isOne && sides.length == 2) {
            assertThat(RequestForm.conversation(sides[1] + "~" + sides[0])).isEqualTo(conversation);
        }
    }
}
