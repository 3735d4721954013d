package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.output.Table;
import io.peerlink.client.admin.InviteCode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink admin}. */
@Command(
        name = "admin",
        header = "Who may register, and peers that lost their key.",
        description = "For operators: see peerlink operator. Codes are shown once; routers keep only their hashes.")
public final class AdminCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec().commandLine(), "admin needs a command: invite, invites, revoke or lock");
    }

    @Command(header = "Make a code that lets whoever has it register once.")
    int invite(
            @Option(names = "--name", paramLabel = "NAME", description = "only this name (default: any that is free)")
                    @Nullable String name,
            @Option(names = "--ttl", paramLabel = "TIME", defaultValue = "7d", description = "good for (default: 7d)")
                    Duration ttl) {
        print(options().admin().createInvite(Optional.ofNullable(name), ttl));
        return 0;
    }

    @Command(header = "List the codes that were not used, by their hashes.")
    int invites() {
        options()
                .printer()
                .print(new Table(
                        List.of("hash", "for", "expires_at", "operator", "kind"),
                        options().admin().invites().stream()
                                .map(invite -> List.<Object>of(
                                        invite.codeHash(),
                                        invite.name().isEmpty() ? "any" : invite.name(),
                                        invite.expiresAt(),
                                        invite.operator(),
                                        invite.unlocks() ? "unlock" : "register"))
                                .toList()));
        return 0;
    }

    @Command(header = "Make a code good for nothing.")
    int revoke(@Parameters(paramLabel = "CODE|HASH") String code) {
        options().admin().revokeInvite(code);
        options().printer().note("Revoked");
        return 0;
    }

    @Command(
            header =
                    "Take its key from a peer at once, and make a code that gives it another: for lost and stolen keys.")
    int lock(
            @Parameters(paramLabel = "PEER") String peer,
            @Option(names = "--ttl", paramLabel = "TIME", defaultValue = "7d", description = "good for (default: 7d)")
                    Duration ttl) {
        InviteCode code = options().admin().lockPeer(peer, ttl);
        print(code);
        return 0;
    }

    private void print(InviteCode code) {
        options()
                .printer()
                .print(new Table(
                        List.of("code", "expires_at"), List.of(List.<Object>of(code.code(), code.expiresAt()))));
    }

    private CommonOptions options() {
        return CommonOptions.of(spec());
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }
}
