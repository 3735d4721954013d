package io.peerlink.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Batch;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of format 1 must stay readable, and mean the same, for ever. */
final class LogFormatTest {
    private static final String FORMAT_1 =
            "0801108080b3c19c331a170a150a05616c696365120c6b6579206f6620616c6963651a1912170a05616c6963"
                    + "65120c6b6579206f6620616c69636518031a0b1a090a05616c69636510021a6922670a05616c696365100318"
                    + "11200c2a1e0a1c0a03626f62120568656c6c6f1a0a746578742f706c61696e20e0d4032a0812060a04746561"
                    + "6d2a081a060a047465616d2a0822060a047465616d2a0f2a0d0a09616c6963657e626f6210052a0932070811"
                    + "15feca00001a0b2a090a05616c69636510091a0b320908e80710d00f18ac02";

    @Test
    void readsAndWritesTheBytesOfFormat1() throws Exception {
        byte[] stored = HexFormat.of().parseHex(FORMAT_1);

        assertThat(Batch.parseFrom(stored)).isEqualTo(batch());
        assertThat(HexFormat.of().formatHex(batch().toByteArray())).isEqualTo(FORMAT_1);
    }

    @Test
    void keepsRejectionNumbers() {
        assertThat(Rejection.values())
                .allSatisfy(rejection ->
                        assertThat(Rejection.of(rejection.number())).contains(rejection));
        assertThat(Rejection.NAME_TAKEN.number()).isEqualTo(1);
        assertThat(Rejection.BAD_REQUEST.number()).isEqualTo(20);
    }

    private static Batch batch() {
        return Batch.newBuilder()
                .setFormat(1)
                .setTimeMs(1_760_000_000_000L)
                .addCommands(Commands.register("alice", Commands.key("alice")))
                .addCommands(Commands.open("alice", Commands.key("alice"), 3))
                .addCommands(Commands.close("alice", 2))
                .addCommands(Commands.requests(
                        "alice",
                        3,
                        17,
                        12,
                        List.of(
                                Commands.send("bob", "hello", 60_000),
                                Commands.createGroup("team"),
                                Commands.joinGroup("team"),
                                Commands.leaveGroup("team"),
                                Commands.markRead("alice~bob", 5),
                                Commands.refused(Rejection.BODY_TOO_LARGE, 0xCAFE))))
                .addCommands(Commands.advance("alice", 9))
                .addCommands(Commands.tick(1_000, 2_000, 300))
                .build();
    }
}
