package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.output.Answers;
import io.peerlink.cli.output.Happening;
import io.peerlink.client.PeerKeys;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink keys}. */
@Command(
        name = "keys",
        header = "Show and accept the keys of other peers, for end-to-end encryption.",
        description = {
            "A peer's key is remembered when it is met first (known_peers, beside your keys). From then on another one is refused",
            "until you accept it. Compare the safety number with the peer by another way: if it is the same on both sides, nobody is",
            "in between.%n",
            "  peerlink --id alice keys show bob",
            "  peerlink --id alice keys accept bob"
        })
public final class KeysCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec().commandLine(), "keys needs a command: show or accept");
    }

    @Command(header = "Show a peer's key, what is remembered of it, and the safety number to compare.")
    int show(@Parameters(paramLabel = "PEER") String peer) throws Exception {
        return PeerTask.run(spec(), CommonOptions::sealing, task -> {
            PeerKeys keys = task.await(task.client().keys(peer));
            task.printer().print(Answers.keys(keys, task.printer().format()));
        });
    }

    @Command(header = "From now on a peer's present key counts, or the one with this fingerprint and no other.")
    int accept(
            @Parameters(index = "0", paramLabel = "PEER") String peer,
            @Parameters(index = "1", arity = "0..1", paramLabel = "FINGERPRINT") @Nullable String fingerprint)
            throws Exception {
        return PeerTask.run(spec(), CommonOptions::sealing, task -> {
            String compared =
                    fingerprint == null ? task.await(task.client().keys(peer)).fingerprint() : fingerprint;
            PeerKeys accepted = task.await(task.client().acceptKeys(peer, compared));
            task.printer().print(new Happening.KeyAccepted(accepted.peer(), accepted.fingerprint()));
        });
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }
}
