package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Happening;
import io.peerlink.client.PeerLinkClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "the name, if not given by --id")
    private @Nullable String name;

    @Override
    public Integer call() throws Exception {
        CommonOptions options = CommonOptions.of(java.util.Objects.requireNonNull(spec));
        String who = name == null ? options.requireId() : name;
        try (PeerLinkClient client = CommonOptions.sealing(options.newPeer(who))
                .requestTimeout(options.timeout())
                .build()) {
            client.connect();
            // So that others can send to it end to end encrypted from now on.
            PeerTask.await(client.keyPublished(), options.timeout());
            options.printer().print(new Happening.Registered(client.name()));
        }
        return ExitCode.OK.number();
    }
}
