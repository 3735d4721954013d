package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final Logger LOGGER = LoggerFactory.getLogger(RotateKeyCommand.class);

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

    /** The key for sealed messages was signed with the old one, so the routers dropped it. */
    private static void publishKey(CommonOptions options, String name) throws InterruptedException {
        ClientBuilder peer = CommonOptions.sealing(options.existingPeer(name)).requestTimeout(options.timeout());
        try (PeerLinkClient client = peer.build()) {
            client.connect();
            PeerTask.await(client.keyPublished(), options.timeout());
        } catch (PeerLinkException e) {
            // The key is changed all the same, and the next shell publishes.
            LOGGER.warn("the key for sealed messages is not published yet: {}", e.getMessage());
        }
    }

    /** An earlier run may have got so far: then the new key attaches. */
    private static void requireCounts(CommonOptions options, Identity next) {
        try (PeerLinkClient client = options.peer(next).registerIfUnknown(false).build()) {
            client.connect();
        }
    }
}
