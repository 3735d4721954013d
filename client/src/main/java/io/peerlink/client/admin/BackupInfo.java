package io.peerlink.client.admin;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a backup is: the content of its {@code backup.json}.
 *
 * @param clusterId whose state it is
 * @param routerId who made it
 * @param version of that router
 * @param tableFormat layout of the tables
 * @param term of the last log entry in it
 * @param index of the last log entry in it
 * @param digest SHA-256 over all tables, in hex
 * @param files sizes and checksums
 * @param takenAt when
 */
public record BackupInfo(
        String clusterId,
        String routerId,
        String version,
        int tableFormat,
        long term,
        long index,
        String digest,
        List<File> files,
        Instant takenAt) {
    /** Copies the list. */
    public BackupInfo {
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param name plain, without a directory
     * @param sizeBytes its size
     * @param crc32c its checksum
     */
    public record File(String name, long sizeBytes, int crc32c) {}

    /** The size of all files. */
    public long sizeBytes() {
        return files.stream().mapToLong(File::sizeBytes).sum();
    }

    /** Ids and names are checked plain words, so nothing needs escaping. */
    String json() {
        String list = files.stream()
                .map(file -> String.format(
                        Locale.ROOT,
                        "    {\"name\": \"%s\", \"size\": %d, \"crc32c\": \"%08x\"}",
                        file.name(),
                        file.sizeBytes(),
                        file.crc32c()))
                .collect(Collectors.joining(",\n"));
        return String.format(
                Locale.ROOT,
                "{%n  \"backup_format\": 1,%n  \"cluster_id\": \"%s\",%n  \"router_id\": \"%s\",%n  \"version\": \"%s\",%n"
                        + "  \"taken_at\": \"%s\",%n  \"table_format\": %d,%n  \"term\": %d,%n  \"index\": %d,%n"
                        + "  \"digest\": \"%s\",%n  \"files\": [%n%s%n  ]%n}%n",
                clusterId,
                routerId,
                version,
                takenAt,
                tableFormat,
                term,
                index,
                digest,
                list);
    }
}
