package io.peerlink.integration.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Hello;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Protobuf by hand: bytes that are frames in an odd way, or none. */
final class FrameBytes {
    private FrameBytes() {}

    /** What protobuf writes, by hand. */
    static byte[] written(Writer what) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            what.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @FunctionalInterface
    interface Writer {
        void to(CodedOutputStream out) throws IOException;
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Stream.of(parts).forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    /** What each is, and the bytes. */
    static Stream<Arguments> none() {
        byte[] lead = {(byte) 0xe0, (byte) 0x80, (byte) 0x80};
        return Stream.of(
                Arguments.of("invalid UTF-8 in a name", helloAs(ByteString.copyFrom(new byte[] {'a', (byte) 0xff}))),
                Arguments.of("an overlong encoding", helloAs(ByteString.copyFrom(lead))),
                Arguments.of(
                        "a lone surrogate",
                        helloAs(ByteString.copyFrom(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}))),
                Arguments.of("half a frame", Arrays.copyOf(helloAs(ByteString.copyFromUtf8("alice")), 5)),
                Arguments.of("bytes behind the frame", joined(Frames.ping(1).toByteArray(), new byte[] {(byte) 0x80})),
                Arguments.of(
                        "a varint of eleven bytes",
                        joined(new byte[] {0x42, 12, 8}, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1})),
                Arguments.of("a negative length", written(out -> {
                    out.writeTag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    out.writeUInt64NoTag(-1);
                })),
                Arguments.of("a field of two gigabytes", written(out -> {
                    out.writeTag(99, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    out.writeUInt32NoTag(Integer.MAX_VALUE);
                })),
                Arguments.of("field number 0", new byte[] {0x02, 0}),
                Arguments.of("wire type 7", new byte[] {0x0f}),
                Arguments.of("an end without a begin", written(out -> out.writeTag(99, WireFormat.WIRETYPE_END_GROUP))),
                Arguments.of("groups in groups, ten thousand deep", written(out -> {
                    for (int i = 0; i < 10_000; i++) {
                        out.writeTag(99, WireFormat.WIRETYPE_START_GROUP);
                    }
                })));
    }

    /** A Hello whose name has these bytes. */
    static byte[] helloAs(ByteString name) {
        byte[] hello = written(out -> {
            out.writeUInt32(Hello.PROTOCOL_VERSION_FIELD_NUMBER, 1);
            out.writeBytes(Hello.NAME_FIELD_NUMBER, name);
        });
        return written(out -> out.writeByteArray(ClientFrame.HELLO_FIELD_NUMBER, hello));
    }
}
