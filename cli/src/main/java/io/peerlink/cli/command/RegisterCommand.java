package io.peerlink.cli.command;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.KeyPublication;
import io.peerlink.cli.output.Happening;
import io.peerlink.client.ClientBuilder;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.identity.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink register}. */
@Command(
        name = "register",
        header = "Register a name with this machine's key for it.",
        description = {
            "Makes a key if there is none (in $XDG_DATA_HOME/peerlink/keys, readable by you alone) and registers the",
            "name with it. Registering again with the same key is fine; a name that has another key is refused."
        })
public final class RegisterCommand implements Callable<Integer> {
    private static final int CODE_BYTES_MAX = 1024;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "the name, if not given by --id")
    private @Nullable String name;

    @Option(
            names = "--invite",
            paramLabel = "CODE",
            defaultValue = "${PEERLINK_INVITE:-}",
            description = "the code that an operator gave you, where the cluster asks for one (env PEERLINK_INVITE)")
    private String invite = "";

    @Option(
            names = "--invite-file",
            paramLabel = "FILE",
            description = "has the code, so that no list of processes shows it; - for standard input")
    private String inviteFile = "";

    @Option(
            names = "--new-key",
            description = "with a new key; the one that was here is gone then (for a name that an operator locked)")
    private boolean newKey;

    @Override
    public Integer call() throws Exception {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        String who = name == null ? options.requireId() : name;
        // Before a key is made.
        String code = code();
        Path directory = Identity.defaultDirectory();
        ClientBuilder peer = newKey
                ? options.peer(Identity.loadOrCreateNext(directory, who)).registerIfUnknown(true)
                : options.newPeer(who);
        try (PeerLinkClient client = CommonOptions.sealing(peer.inviteCode(code))
                .requestTimeout(options.timeout())
                .build()) {
            client.connect();
            if (newKey) {
                Identity.adoptNext(directory, who);
            }
            // So that others can send to it end to end encrypted from now on.
            KeyPublication.await(client, options.timeout());
            options.printer().print(new Happening.Registered(client.name()));
        }
        return ExitCode.OK.number();
    }

    private String code() {
        if (inviteFile.isEmpty()) {
            return invite;
        }
        try (InputStream in = inviteFile.equals("-") ? System.in : Files.newInputStream(Path.of(inviteFile))) {
            return new String(in.readNBytes(CODE_BYTES_MAX), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "USAGE", "the code in " + inviteFile + " cannot be read", "");
        }
    }
}
