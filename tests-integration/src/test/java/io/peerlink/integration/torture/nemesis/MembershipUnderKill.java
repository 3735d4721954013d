package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.ClusterAdmin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A router is added while another one is killed, the leader or a follower, and removed again in the same way. */
final class MembershipUnderKill implements Fault {
    private @Nullable LocalRouter newcomer;
    private Random random = new Random(0);

    @Override
    public String name() {
        return "membership-under-kill";
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return stage.followerObstacle();
    }

    @Override
    public void inject(Stage stage, Random random) {
        this.random = random;
        List<LocalRouter> before = stage.cluster().routers();
        LocalRouter added = stage.cluster()
                .prepareRouter(
                        Members.freshId(stage),
                        stage.ground().sparePlace(before.get(before.size() - 1).place()));
        newcomer = added;
        Members.join(stage, added);
        changeUnderKill(stage, before, admin -> admin.add(Members.address(added)));
    }

    private void changeUnderKill(Stage stage, List<LocalRouter> candidates, Consumer<ClusterAdmin> change) {
        LocalRouter leader = stage.leader();
        LocalRouter victim = candidates.contains(leader) && random.nextBoolean()
                ? leader
                : candidates.get(random.nextInt(candidates.size()));
        List<String> servers = stage.cluster().servers();
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> Members.insist(servers, change));
        Waiting.pass(Duration.ofMillis(random.nextInt(400)));
        victim.kill();
        Waiting.pass(Duration.ofMillis(random.nextInt(2_000)));
        victim.start();
        done.join();
    }

    @Override
    public boolean verify(Stage stage) {
        LocalRouter added = newcomer;
        return added != null
                && stage.cluster()
                        .info(stage.leader(), false)
                        .filter(info -> info.routers().contains(Members.address(added)))
                        .isPresent();
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(random.nextInt(1_500));
    }

    @Override
    public void heal(Stage stage) {
        LocalRouter leaving = newcomer;
        if (leaving == null) {
            return;
        }
        changeUnderKill(stage, stage.others(leaving), admin -> remove(admin, leaving.id()));
        stage.cluster().forget(leaving);
        newcomer = null;
    }

    /** Unknown is what it shall be: an earlier attempt succeeded, and its answer got lost. */
    private static void remove(ClusterAdmin admin, String id) {
        try {
            admin.remove(id);
        } catch (PeerLinkException e) {
            if (e.code() != ErrorCode.UNKNOWN_ROUTER) {
                throw e;
            }
        }
    }
}
