package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.KeyPublication;
import io.peerlink.cli.output.Happening;
import io.peerlink.client.ClientBuilder;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.identity.Identity;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code peerlink rotate-key}. The new key is on disk before anybody hears of it, and takes the old one's place only once it
 * counts; after a crash anywhere in between, the same command finds out which of the two does and finishes.
 */
@Command(
        name = "rotate-key",
        header = "Give your name a new key.",
        description = {
            "Makes a key, lets the old one vouch for it, and puts it in the old one's place. Your other sessions end with",
            "WRONG_KEY; copy the new key file to the machines that they run on. If it was interrupted, run it again.",
            "Peers who met you before refuse to send you end to end encrypted until they accept the new key: tell them."
        })
public final class RotateKeyCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        String name = options.requireId();
        Path directory = Identity.defaultDirectory();
        boolean begun = Identity.existsNext(directory, name);
        try {
            PeerTask.run(spec, task -> task.await(task.client().rotateKey(Identity.loadOrCreateNext(directory, name))));
        } catch (PeerLinkException e) {
            if (!begun || e.code() != ErrorCode.WRONG_KEY) {
                throw e;
            }
            requireCounts(options, Identity.loadOrCreateNext(directory, name));
        }
        Identity.adoptNext(directory, name);
        publishKey(options, name);
        options.printer().print(new Happening.Changed("New key for", name.toLowerCase(java.util.Locale.ROOT), ""));
        return ExitCode.OK.number();
    }

    /** The routers dropped the former key for sealed messages, which was signed with the old one; the new one has another. */
    private static void publishKey(CommonOptions options, String name) {
        ClientBuilder peer = CommonOptions.sealing(options.existingPeer(name)).requestTimeout(options.timeout());
        try (PeerLinkClient client = peer.build()) {
            client.connect();
            KeyPublication.await(client, options.timeout());
        } catch (PeerLinkException e) {
            KeyPublication.note(String.valueOf(e.getMessage()));
        }
    }

    /** An earlier run may have got so far: then the new key attaches. */
    private static void requireCounts(CommonOptions options, Identity next) {
        try (PeerLinkClient client = options.peer(next).registerIfUnknown(false).build()) {
            client.connect();
        }
    }
}
