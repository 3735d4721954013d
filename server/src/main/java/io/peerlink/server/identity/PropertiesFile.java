package io.peerlink.server.identity;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A small file of names and values that is either the old or the new one after a power cut.
 *
 * @param path where it lies; its directory is made on the first write
 */
record PropertiesFile(Path path) {
    boolean exists() {
        return Files.exists(path);
    }

    /** What it holds; nothing if it is missing. */
    SortedMap<String, String> read() {
        SortedMap<String, String> values = new TreeMap<>();
        if (!exists()) {
            return values;
        }
        try (Reader text = new StringReader(Files.readString(path))) {
            Properties properties = new Properties();
            properties.load(text);
            properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    /** Replaces it and fsyncs. Names and values are plain words. */
    void write(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(name)
                .append('=')
                .append(value.replace("\\", "\\\\"))
                .append('\n'));
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try {
            Path directory = path.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            try (FileChannel file = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }
}
