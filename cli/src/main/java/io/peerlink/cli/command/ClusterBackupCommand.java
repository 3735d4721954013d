package io.peerlink.cli.command;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Table;
import io.peerlink.client.admin.BackupInfo;
import io.peerlink.client.admin.ClusterAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster backup}. */
@Command(
        name = "backup",
        header = "Write the cluster's whole state to a directory here, while it works.",
        description = {
            "At one place in the log, with checksums of all files and a digest of the state, and read back after writing.",
            "It comes from the leader, which first proves that it leads: everything acknowledged before the command is in it.",
            "With --from it holds what that router had applied, which may lag: compare the index. Without backup.json a",
            "directory is no backup."
        })
final class ClusterBackupCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "made if missing; must be empty")
    private Path directory = Path.of("");

    @Option(
            names = "--from",
            paramLabel = "ROUTER",
            description = "what this router has applied; it may lag (default: the leader, all that was acknowledged)")
    private @Nullable String router;

    @Override
    public Integer call() throws IOException {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        requireEmpty();
        ClusterAdmin admin = options.admin();
        BackupInfo info = router == null
                ? admin.backup(directory)
                : admin.backupOf(
                        ClusterCheckpointCommand.choose(options, router).get(0).address(), directory);
        options.printer()
                .print(new Table(
                        List.of("router", "cluster", "term", "index", "files", "bytes", "digest", "holds"),
                        List.of(List.of(
                                info.routerId(),
                                info.clusterId(),
                                info.term(),
                                info.index(),
                                info.files().size(),
                                info.sizeBytes(),
                                info.digest(),
                                router == null
                                        ? "everything acknowledged before"
                                        : "what " + info.routerId() + " had applied, up to this index; it may lag"))));
        return ExitCode.OK.number();
    }

    private void requireEmpty() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> children = Files.list(directory)) {
            if (children.findAny().isPresent()) {
                throw new CliException(
                        ExitCode.CONFLICT, "NOT_EMPTY", directory + " is not empty", "give a new directory");
            }
        }
    }
}
