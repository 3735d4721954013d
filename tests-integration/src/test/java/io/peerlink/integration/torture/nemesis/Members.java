package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.admin.RouterInfo.RouterAddress;
import io.peerlink.client.identity.Identity;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Changes of who is in the cluster, made as an operator makes them: again until they are done. */
public final class Members {
    /** In whose name they are made: the routers' configuration lists it. */
    public static final Identity OPERATOR = Identity.generate("nemesis");

    private static final Duration CALL_LIMIT = Duration.ofSeconds(20);

    private Members() {}

    /** An id that the cluster never had: ids are not used twice. */
    static String freshId(Stage stage) {
        int number = 1;
        while (Files.exists(stage.cluster().directory().resolve("n" + number + ".conf"))) {
            number++;
        }
        return "n" + number;
    }

    static RouterAddress address(LocalRouter router) {
        return new RouterAddress(router.id(), router.clientAddress(), router.raftAddress());
    }

    /** Starts it empty, to be added, and waits until it answers. */
    static void join(Stage stage, LocalRouter newcomer) {
        newcomer.join();
        Waiting.until(
                newcomer.id() + " answers",
                Stage.RECOVERY_LIMIT,
                () -> stage.cluster().info(newcomer, false).isPresent());
    }

    /** Whether it has applied all that the leader knows to be safe. */
    static boolean isInStep(Stage stage, LocalRouter router) {
        return stage.cluster()
                .leader()
                .flatMap(leader -> stage.cluster().info(leader, false))
                .flatMap(leader -> stage.cluster()
                        .info(router, false)
                        .filter(info -> info.log().applied() >= leader.log().committed()))
                .isPresent();
    }

    /** Asks until it is done; while routers are killed, an answer may get lost, and a request may be refused for now. */
    static void insist(List<String> servers, Consumer<ClusterAdmin> change) {
        ClusterAdmin admin = new ClusterAdmin(servers, CALL_LIMIT, RouterTrust.plainText(), Optional.of(OPERATOR));
        Outcome outcome = new Outcome();
        if (!Waiting.comesTrue(Stage.RECOVERY_LIMIT, () -> outcome.of(() -> change.accept(admin)))) {
            throw new IllegalStateException("the members do not change: " + outcome.refusal);
        }
    }

    /** Of the last attempt. */
    private static final class Outcome {
        private Optional<PeerLinkException> refusal = Optional.empty();

        private boolean of(Runnable attempt) {
            try {
                attempt.run();
                return true;
            } catch (PeerLinkException e) {
                refusal = Optional.of(e);
                return false;
            }
        }
    }
}
