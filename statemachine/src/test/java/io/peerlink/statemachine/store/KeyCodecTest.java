package io.peerlink.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyCodecTest {
    private static final List<String> NAMES = List.of("a", "a-b", "a.b", "ab", "a~b", "b", "z9_");
    private static final List<Long> NUMBERS =
            List.of(0L, 1L, 255L, 256L, 65_536L, 1L << 32, Long.MAX_VALUE - 1, Long.MAX_VALUE);

    private record Parts(String first, String second, long number) {}

    @Test
    void ordersKeysAsTheirParts() {
        List<Parts> parts = new ArrayList<>();
        for (String first : NAMES) {
            for (String second : NAMES) {
                NUMBERS.forEach(number -> parts.add(new Parts(first, second, number)));
            }
        }
        List<Parts> byParts = new ArrayList<>(parts);
        byParts.sort(
                Comparator.comparing(Parts::first).thenComparing(Parts::second).thenComparing(Parts::number));

        parts.sort((a, b) -> Arrays.compareUnsigned(
                KeyCodec.numbered(a.first(), a.second(), a.number()),
                KeyCodec.numbered(b.first(), b.second(), b.number())));

        assertThat(parts).isEqualTo(byParts);
    }

    @Test
    void readsBackWhatItWrote() {
        byte[] key = KeyCodec.numbered("alice~bob", "bob", 77);

        assertThat(KeyCodec.nameAt(key, 0)).isEqualTo("alice~bob");
        assertThat(KeyCodec.nameAt(key, KeyCodec.behindName(key, 0))).isEqualTo("bob");
        assertThat(KeyCodec.lastNumber(key)).isEqualTo(77);
        assertThat(KeyCodec.nameAt(KeyCodec.names("team", "bob"), 5)).isEqualTo("bob");
    }

    @Test
    void keepsItsBytes() {
        assertThat(HexFormat.of().formatHex(KeyCodec.numbered("ab", "c", 258)))
                .isEqualTo("6162" + "00" + "63" + "00" + "0000000000000102");
    }

    @Test
    void enclosesAPrefixOnly() {
        byte[] prefix = KeyCodec.prefix("a");
        byte[] end = KeyCodec.endOf(prefix);

        assertThat(Arrays.compareUnsigned(KeyCodec.numbered("a", -1), end)).isNegative();
        assertThat(Arrays.compareUnsigned(KeyCodec.names("a", "zzz"), end)).isNegative();
        assertThat(Arrays.compareUnsigned(KeyCodec.name("a-"), end)).isPositive();
        assertThat(Arrays.compareUnsigned(KeyCodec.name("a"), prefix)).isNegative();
    }

    @Test
    void numbersTablesUniquely() {
        assertThat(Arrays.stream(ColumnFamily.values()).map(ColumnFamily::number))
                .doesNotHaveDuplicates();
    }
}
