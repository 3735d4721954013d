package io.peerlink.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TerminalTextTest {
    @Test
    void ordinaryTextOfAnyLanguageIsKept() {
        String text = "Grüße, 你好, שלום, 👩\u200d💻 \"quotes\" & <tags> 100 %";

        assertThat(TerminalText.neutralise(text)).isEqualTo(text);
    }

    @Test
    void escapeSequencesLoseTheirPower() {
        assertThat(TerminalText.neutralise("\u001b[31mred\u001b]0;title\u0007")).isEqualTo("␛[31mred␛]0;title␇");
    }

    @Test
    void everyMessageStaysOnOneLine() {
        assertThat(TerminalText.neutralise("a\nbob : forged\r\u2028\u2029\u0085b"))
                .isEqualTo("a␊bob : forged␍\uFFFD\uFFFD\uFFFDb");
    }

    @Test
    void c1ControlsDirectionOverridesAndLoneSurrogatesAreMarked() {
        assertThat(TerminalText.neutralise("\u009b2J\u202Eevil\u2066\uFEFF\ud800\u007f"))
                .isEqualTo("\uFFFD2J\uFFFDevil\uFFFD\uFFFD\uFFFD␡");
    }
}
