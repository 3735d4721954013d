package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.createGroup;
import static io.peerlink.statemachine.Commands.delete;
import static io.peerlink.statemachine.Commands.invite;
import static io.peerlink.statemachine.Commands.joinGroup;
import static io.peerlink.statemachine.Commands.leaveGroup;
import static io.peerlink.statemachine.Scenario.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.Outcome.RequestResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invitations to groups that wait for a peer. */
final class InvitationTest {
    private static final int TEN_EACH = 100;

    @TempDir
    Path directory;

    private Scenario scenario;

    @BeforeEach
    void openMachine() {
        scenario = new Scenario(directory).peers("alice", "bob", "carol");
    }

    @AfterEach
    void closeMachine() {
        scenario.close();
    }

    @Test
    void oneInviterHasATenthOfAPeersList() {
        groups("alice", "a", 11);
        groups("carol", "c", 1);
        for (int i = 0; i < 10; i++) {
            done("alice", invite("a" + i, "bob", TEN_EACH));
        }

        assertThat(scenario.askOne("alice", invite("a10", "bob", TEN_EACH)))
                .isEqualTo(refused(Rejection.TOO_MANY_INVITED));
        done("alice", invite("a9", "bob", TEN_EACH));
        done("carol", invite("c0", "bob", TEN_EACH));
        done("alice", invite("a10", "carol", TEN_EACH));
        done("bob", leaveGroup("a0"));
        done("alice", invite("a10", "bob", TEN_EACH));
    }

    @Test
    void ofAShortListEachInviterHasOne() {
        groups("alice", "a", 2);
        groups("carol", "c", 1);
        done("alice", invite("a0", "bob", 9));
        assertThat(scenario.askOne("alice", invite("a1", "bob", 9))).isEqualTo(refused(Rejection.TOO_MANY_INVITED));
        done("carol", invite("c0", "bob", 9));
        done("alice", invite("a1", "bob", 0));
    }

    @Test
    void groupsThatAreGoneAreNotToldAndMakeRoom() {
        groups("alice", "a", 3);
        groups("carol", "c", 2);
        done("alice", invite("a0", "bob"));
        done("alice", invite("a1", "bob"));
        done("carol", invite("c0", "bob"));
        done("alice", delete("a0"));
        assertThat(waiting("bob")).containsExactly("a1", "c0");
        assertThat(scenario.view().invitationsOf("bob", "", 1))
                .as("a page is full of what is told")
                .hasSize(1);

        assertThat(scenario.askOne("carol", invite("c1", "bob", 2))).isEqualTo(refused(Rejection.TOO_MANY_INVITED));
        done("bob", joinGroup("c0"));
        done("carol", invite("c1", "bob", 2));
        assertThat(scenario.askOne("bob", leaveGroup("a0")))
                .as("it is not there any more")
                .isEqualTo(refused(Rejection.NOT_A_MEMBER));

        done("alice", delete("a1"));
        done("alice", invite("a2", "bob", 10));
        assertThat(waiting("bob")).containsExactly("a2", "c1");
    }

    @Test
    void whoIsAMemberIsNotInvited() {
        groups("alice", "a", 1);
        done("alice", invite("a0", "bob"));
        done("alice", invite("a0", "bob"));
        done("bob", joinGroup("a0"));
        assertThat(scenario.askOne("alice", invite("a0", "bob"))).isEqualTo(refused(Rejection.ALREADY_A_MEMBER));
    }

    private void groups(String owner, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            done(owner, createGroup(prefix + i));
        }
    }

    private List<String> waiting(String peer) {
        return scenario.view().invitationsOf(peer, "", 100).stream()
                .map(StateView.InvitationView::group)
                .toList();
    }

    private void done(String peer, Request request) {
        assertThat(scenario.askOne(peer, request)).isInstanceOf(RequestResult.Done.class);
    }
}
