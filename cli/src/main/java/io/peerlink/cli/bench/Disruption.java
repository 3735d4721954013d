package io.peerlink.cli.bench;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.admin.ClusterAdmin;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is done to the leader, and undone once another leads. */
enum Disruption {
    /** SIGKILL: the process is gone, its ports are closed. */
    KILL {
        @Override
        void inject(LocalRouter leader) {
            leader.kill();
        }

        @Override
        void heal(LocalRouter router) {
            router.start();
        }
    },
    /** SIGSTOP: silent, with all connections open. Continued after another leads. */
    PAUSE {
        @Override
        void inject(LocalRouter leader) throws InterruptedException {
            signal("STOP", leader);
        }

        @Override
        void heal(LocalRouter router) throws InterruptedException {
            signal("CONT", router);
        }
    },
    /** Leadership is given away on an operator's request; the router stays. */
    TRANSFER {
        @Override
        void inject(LocalRouter leader) {
            new ClusterAdmin(List.of(leader.clientAddress()), TRANSFER_LIMIT).transferLeadership(Optional.empty());
        }

        @Override
        void heal(LocalRouter router) {
            // Nothing was broken.
        }
    },
    /** SIGTERM, as for a planned restart: the leader hands over first. */
    RESTART {
        @Override
        void inject(LocalRouter leader) {
            leader.stop();
        }

        @Override
        void heal(LocalRouter router) {
            router.start();
        }
    };

    private static final Duration TRANSFER_LIMIT = Duration.ofSeconds(10);

    abstract void inject(LocalRouter leader) throws InterruptedException;

    abstract void heal(LocalRouter router) throws InterruptedException;

    private static void signal(String name, LocalRouter router) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(router.pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new CliException(ExitCode.FAILED, "SIGNAL", "kill -" + name + " failed", "");
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "SIGNAL", "cannot run kill: " + e.getMessage(), "");
        }
    }
}
