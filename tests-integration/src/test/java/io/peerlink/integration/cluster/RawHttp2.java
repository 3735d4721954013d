package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A connection that speaks HTTP/2 frame by frame (RFC 9113), also such as no client would send. For one thread. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** RFC 9113, section 7. */
    private static final int NO_ERROR = 0;

    static final int STREAM_CLOSED = 5;

    static final int REFUSED_STREAM = 7;

    /** Less than the 40 s after which a router's own pings end a connection whose client answers none. */
    private static final int PATIENCE_MS = 20_000;

    private static final int FLOOD_FRAMES = 1_000;

    private final Socket socket = new Socket();

    /** A frame that came. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Frame(int type, int flags, int stream, byte[] payload) {
        /** What an RST_STREAM says. */
        int errorCode() {
            return ByteBuffer.wrap(payload).getInt();
        }
    }

    private RawHttp2(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket.connect(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        socket.setSoTimeout(PATIENCE_MS);
    }

    /** A connection on which nothing was said yet. */
    static RawHttp2 silent(String address) throws IOException {
        return new RawHttp2(address);
    }

    /** A connection that began as a client does. */
    static RawHttp2 open(String address) throws IOException {
        RawHttp2 connection = silent(address);
        connection
                .socket
                .getOutputStream()
                .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        connection.send(SETTINGS, 0, 0, new byte[0]);
        return connection;
    }

    /** Sends a frame; what the router does about it shows in what is read. */
    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        putFrame(frame, type, flags, stream, payload);
        OutputStream out = socket.getOutputStream();
        out.write(frame.array());
    }

    private static void putFrame(ByteBuffer into, int type, int flags, int stream, byte[] payload) {
        into.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        into.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    }

    /** A setting, as a frame's payload. */
    static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }

    /** The headers of a call, encoded without any table (RFC 7541, section 6.2.2). */
    static byte[] callHeaders(String path) {
        return callHeaders(path, "raw", "application/grpc");
    }

    /** As {@link #callHeaders(String)}; {@code further}: name, value, name, value, ... */
    static byte[] callHeaders(String path, String authority, String contentType, String... further) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        // :method POST and :scheme http stand in the static table.
        block.write(0x83);
        block.write(0x86);
        field(block, ":path", path);
        field(block, ":authority", authority);
        field(block, "content-type", contentType);
        field(block, "te", "trailers");
        for (int i = 0; i < further.length; i += 2) {
            field(block, further[i], further[i + 1]);
        }
        return block.toByteArray();
    }

    /** So many bytes of further headers. */
    static byte[] padding(int bytes) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; block.size() < bytes; i++) {
            field(block, "x-" + i, "y".repeat(100));
        }
        return block.toByteArray();
    }

    /** A field that enters the receiver's table (RFC 7541, section 6.2.1). */
    static byte[] indexed(String name, String value) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        field(block, 0x40, name, value);
        return block.toByteArray();
    }

    private static void field(ByteArrayOutputStream block, String name, String value) {
        field(block, 0, name, value);
    }

    private static void field(ByteArrayOutputStream block, int form, String name, String value) {
        block.write(form);
        for (String text : new String[] {name, value}) {
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The next frame that fits. */
    Frame await(Predicate<Frame> wanted) throws IOException {
        long start = System.nanoTime();
        Frame frame = next();
        while (!wanted.test(frame)) {
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) > PATIENCE_MS) {
                throw new SocketTimeoutException("frames, but none that fits");
            }
            frame = next();
        }
        return frame;
    }

    private Frame next() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(type, flags, stream, payload);
    }

    /** The router closes the connection, whatever it says before. */
    void assertCutOff() {
        try {
            await(any -> false);
        } catch (EOFException | SocketException e) {
            return;
        } catch (IOException e) {
            throw new AssertionError("not cut off", e);
        }
        assertThat(false).as("frames end").isTrue();
    }

    /** The router closes the connection because of what was sent there, and not for want of calls, which is no error. */
    void assertThrownOut() {
        List<Integer> reasons = new ArrayList<>();
        try {
            await(frame -> {
                if (frame.type() == GOAWAY) {
                    reasons.add(ByteBuffer.wrap(frame.payload()).getInt(4));
                }
                return false;
            });
        } catch (EOFException | SocketException e) {
            assertThat(reasons).doesNotContain(NO_ERROR);
            return;
        } catch (IOException e) {
            throw new AssertionError("not cut off", e);
        }
        assertThat(false).as("frames end").isTrue();
    }

    /** As {@link #sends}, with as few packets as it takes, and nothing is read meanwhile; the router must close the connection. */
    void assertThrownOutByFlood(int times, int type, int flags, int stream, byte[] payload) {
        ByteBuffer some = ByteBuffer.allocate(FLOOD_FRAMES * (9 + payload.length));
        for (int i = 0; i < FLOOD_FRAMES; i++) {
            putFrame(some, type, flags, stream, payload);
        }
        try {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < times; i += FLOOD_FRAMES) {
                out.write(some.array());
            }
        } catch (IOException e) {
            return;
        }
        // What fits into the sockets' buffers is written whatever becomes of the connection.
        assertThrownOut();
    }

    /** As {@link #send}, many times; false once the router has closed the connection. */
    boolean sends(int times, int type, int flags, int stream, byte[] payload) {
        try {
            for (int i = 0; i < times; i++) {
                send(type, flags, stream, payload);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
