package io.peerlink.server.audit;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The end of a file of lines.
 *
 * @param whole how many bytes its whole lines have
 * @param lastLine the last of these, without its end; empty if there is none
 * @param cutOff what stands behind them and has no line's end, or the first 8 KiB of it
 */
record FileEnd(long whole, String lastLine, String cutOff) {
    private static final int BLOCK = 8_192;

    /** Reads from the end, and no more than it must. A missing file is an empty one. */
    static FileEnd of(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new FileEnd(0, "", "");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long whole = behindLastNewline(channel, size);
            String last = whole == 0 ? "" : text(channel, behindLastNewline(channel, whole - 1), whole - 1);
            return new FileEnd(whole, last, text(channel, whole, Math.min(size, whole + BLOCK)));
        }
    }

    private static long behindLastNewline(FileChannel channel, long before) throws IOException {
        for (long end = before; end > 0; end = Math.max(0, end - BLOCK)) {
            long begin = Math.max(0, end - BLOCK);
            byte[] block = bytes(channel, begin, end);
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return begin + i + 1;
                }
            }
        }
        return 0;
    }

    private static String text(FileChannel channel, long begin, long end) throws IOException {
        return new String(bytes(channel, begin, end), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(FileChannel channel, long begin, long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(end - begin));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, begin + bytes.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return bytes.array();
    }
}
