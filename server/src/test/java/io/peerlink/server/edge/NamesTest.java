package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of bad name that anybody is known to have tried. */
final class NamesTest {
    static final List<String> NO_NAMES = List.of(
            "",
            " ",
            " alice",
            "alice ",
            "al ice",
            "alice\t",
            "al\u00a0ice",
            "al\u200dice",
            "al\u200bice",
            "\ufeffalice",
            "alice\u0000",
            "alice\r\n",
            "alice\u001b[31m",
            "alice\u007f",
            "alice\u0085",
            "alice\u009b",
            "alice\u2028",
            "alice\ud800",
            "\udc00alice",
            "\u202ealice",
            "a\u0301\u0301\u0301\u0301\u0301",
            "\u00e9",
            "e\u0301",
            "\uff41lice",
            "\u0131stanbul",
            "\u0130stanbul",
            "stra\u00dfe",
            "\u212aelvin",
            "\u0430lice",
            "\ud83d\ude00",
            ".",
            "..",
            "/",
            "a/b",
            "a\\b",
            "%2e",
            "../../etc/passwd",
            "@alice",
            "#team",
            "alice:1",
            "alice~bob",
            "~",
            "-rf",
            "_",
            ".alice",
            "$(reboot)",
            "`reboot`",
            "'; --",
            "__proto__",
            "*",
            "?",
            "a,b",
            "a=b",
            "01234567890123456789012345678901234567890123456789012345678901234");

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "7, 7",
        "0123456789, 0123456789",
        "Alice, alice",
        "A.B_C-D, a.b_c-d",
        "550E8400-E29B-41D4-A716-446655440000, 550e8400-e29b-41d4-a716-446655440000",
        "550e8400-e29b-41d4-a716-446655440000, 550e8400-e29b-41d4-a716-446655440000",
        "0123456789012345678901234567890123456789012345678901234567890123,"
                + " 0123456789012345678901234567890123456789012345678901234567890123"
    })
    void legalNamesHaveOneForm(String name, String canonical) {
        assertThat(Names.canonical(name)).contains(canonical);
    }

    /** They look alike and are different names: who mistakes them has the wrong key. */
    @ParameterizedTest
    @CsvSource({"paypal, paypa1", "modern, modem", "vv, w", "O, 0", "l, 1"})
    void namesThatLookAlikeInAsciiAreDifferent(String name, String other) {
        assertThat(Names.canonical(name)).isPresent().isNotEqualTo(Names.canonical(other));
    }

    @ParameterizedTest
    @FieldSource("NO_NAMES")
    void everythingElseIsNoName(String name) {
        assertThat(Names.canonical(name)).isEmpty();
        assertThat(RequestForm.conversation(name + "~bob")).isEmpty();
        assertThat(RequestForm.conversation("bob~" + name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 1_000, 1 << 20})
    void longNamesAreNone(int length) {
        assertThat(Names.canonical("a".repeat(length))).isEmpty();
    }
}
