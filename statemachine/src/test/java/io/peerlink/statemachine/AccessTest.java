package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.createGroup;
import static io.peerlink.statemachine.Commands.createInvite;
import static io.peerlink.statemachine.Commands.createPrivateGroup;
import static io.peerlink.statemachine.Commands.delete;
import static io.peerlink.statemachine.Commands.hash;
import static io.peerlink.statemachine.Commands.invite;
import static io.peerlink.statemachine.Commands.joinGroup;
import static io.peerlink.statemachine.Commands.key;
import static io.peerlink.statemachine.Commands.leaveGroup;
import static io.peerlink.statemachine.Commands.lock;
import static io.peerlink.statemachine.Commands.open;
import static io.peerlink.statemachine.Commands.register;
import static io.peerlink.statemachine.Commands.remove;
import static io.peerlink.statemachine.Commands.revokeInvite;
import static io.peerlink.statemachine.Commands.rotate;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Commands.setBlocked;
import static io.peerlink.statemachine.Commands.setRole;
import static io.peerlink.statemachine.Commands.unban;
import static io.peerlink.statemachine.Scenario.TTL_MS;
import static io.peerlink.statemachine.Scenario.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Admission;
import io.peerlink.log.v1.ChangeGroup;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.Request;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.Outcome.RequestResult;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what: registration, keys, groups, blocks. */
final class AccessTest {

    @TempDir
    Path directory;

    private Scenario scenario;

    @BeforeEach
    void openMachine() {
        scenario = new Scenario(directory).peers("alice", "bob", "carol", "dave");
    }

    @AfterEach
    void closeMachine() {
        scenario.close();
    }

    @Test
    void registersByTheLeadersRule() {
        assertThat(admitted("eve", Admission.ADMISSION_NOBODY, "")).isEqualTo(no(Rejection.REGISTRATION_CLOSED));
        assertThat(admitted("eve", Admission.ADMISSION_INVITED, "")).isEqualTo(no(Rejection.INVITE_NEEDED));
        assertThat(admitted("eve", Admission.ADMISSION_INVITED, "guess")).isEqualTo(no(Rejection.INVITE_INVALID));
        assertThat(admitted("alice", Admission.ADMISSION_NOBODY, ""))
                .as("who is registered attaches")
                .isEqualTo(new Outcome.Registered(false));
        assertThat(admitted("eve", Admission.ADMISSION_OPEN, "")).isEqualTo(new Outcome.Registered(true));
    }

    @Test
    void takesAnInviteOnce() {
        scenario.one(createInvite("code", "", 10_000));
        assertThat(admitted("eve", Admission.ADMISSION_INVITED, "code")).isEqualTo(new Outcome.Registered(true));
        assertThat(admitted("mallory", Admission.ADMISSION_INVITED, "code")).isEqualTo(no(Rejection.INVITE_INVALID));
        assertThat(admitted("eve", Admission.ADMISSION_INVITED, "code"))
                .as("a repeat, by the key that it gave the name to")
                .isEqualTo(new Outcome.Registered(false));
    }

    @Test
    void takesAnInviteForItsNameUntilItEnds() {
        scenario.one(createInvite("code", "eve", 10_000));
        assertThat(admitted("mallory", Admission.ADMISSION_INVITED, "code")).isEqualTo(no(Rejection.INVITE_INVALID));
        scenario.timeMs += 20_000;
        assertThat(admitted("eve", Admission.ADMISSION_INVITED, "code")).isEqualTo(no(Rejection.INVITE_INVALID));

        assertThat(scenario.one(createInvite("taken", "alice", 10_000))).isEqualTo(no(Rejection.NAME_TAKEN));
        scenario.one(createInvite("revoked", "", 10_000));
        assertThat(scenario.one(revokeInvite("revoked"))).isInstanceOf(Outcome.AccessChanged.class);
        assertThat(scenario.one(revokeInvite("revoked"))).isEqualTo(no(Rejection.INVITE_INVALID));
        assertThat(admitted("eve", Admission.ADMISSION_INVITED, "revoked")).isEqualTo(no(Rejection.INVITE_INVALID));
    }

    @Test
    void dropsExpiredInvitesInTime() {
        for (int i = 0; i < 200; i++) {
            scenario.timeMs += 100;
            scenario.one(createInvite(Integer.toHexString(i * 7919 % 4096), "", 1_000));
        }
        assertThat(scenario.view().invites(ByteString.EMPTY, 1_000)).hasSizeLessThan(60);
    }

    @Test
    void changesAKeyWithTheOldOne() {
        assertThat(scenario.one(rotate("alice", key("thief"), key("new")))).isEqualTo(no(Rejection.WRONG_KEY));
        assertThat(scenario.one(rotate("alice", key("alice"), key("new")))).isInstanceOf(Outcome.AccessChanged.class);
        assertThat(scenario.one(rotate("alice", key("alice"), key("new"))))
                .as("again")
                .isInstanceOf(Outcome.AccessChanged.class);
        assertThat(scenario.one(open("alice", key("alice"), 0))).isEqualTo(no(Rejection.WRONG_KEY));
        assertThat(scenario.one(open("alice", key("new"), 1)))
                .as("the sessions are the peer's, not the key's")
                .isInstanceOf(Outcome.SessionOpened.class);
        assertThat(scenario.one(rotate("nobody", key("a"), key("b")))).isEqualTo(no(Rejection.NOT_REGISTERED));
    }

    @Test
    void whatAPeerPublishedEndsWithTheKeyThatSignedIt() {
        scenario.ask("alice", Commands.publishKeys("encryption", "signature"));
        scenario.one(rotate("alice", key("alice"), key("new")));
        assertThat(scenario.view().peerKeys("alice").orElseThrow().encryptionKey())
                .isEmpty();

        scenario.ask("alice", Commands.publishKeys("encryption", "new signature"));
        scenario.one(rotate("alice", key("alice"), key("new")));
        assertThat(scenario.view().peerKeys("alice").orElseThrow().encryptionKey())
                .as("done before")
                .isEqualTo(ByteString.copyFromUtf8("encryption"));
    }

    @Test
    void locksAPeerUntilTheCodesHolderComes() {
        scenario.ask("alice", send("bob", "before", TTL_MS));
        assertThat(scenario.one(lock("bob", "code", 10_000))).isInstanceOf(Outcome.AccessChanged.class);
        assertThat(scenario.one(open("bob", key("bob"), 0))).isEqualTo(no(Rejection.WRONG_KEY));
        assertThat(scenario.one(rotate("bob", key("bob"), key("thief")))).isEqualTo(no(Rejection.WRONG_KEY));
        assertThat(scenario.one(open("bob", ByteString.EMPTY, 0))).isEqualTo(no(Rejection.WRONG_KEY));
        assertThat(scenario.one(rotate("bob", ByteString.EMPTY, key("thief")))).isEqualTo(no(Rejection.WRONG_KEY));
        assertThat(taken("bob", "thief", "")).isEqualTo(no(Rejection.NAME_TAKEN));
        assertThat(taken("bob", "thief", "guess")).isEqualTo(no(Rejection.INVITE_INVALID));
        assertThat(admitted("eve", Admission.ADMISSION_INVITED, "code"))
                .as("a code that unlocks registers nobody")
                .isEqualTo(no(Rejection.INVITE_INVALID));
        assertThat(scenario.one(lock("bob", "second", 10_000))).isInstanceOf(Outcome.AccessChanged.class);
        assertThat(taken("bob", "thief", "code"))
                .as("only the last lock's code unlocks")
                .isEqualTo(no(Rejection.INVITE_INVALID));
        assertThat(taken("bob", "new", "second")).isEqualTo(new Outcome.Registered(false));
        assertThat(scenario.one(open("bob", key("new"), 0))).isInstanceOf(Outcome.SessionOpened.class);
        assertThat(taken("bob", "thief", "second")).isEqualTo(no(Rejection.NAME_TAKEN));
        assertThat(scenario.bodies("bob")).containsExactly("before");
        assertThat(scenario.one(lock("nobody", "code", 1))).isEqualTo(no(Rejection.UNKNOWN_NAME));
    }

    @Test
    void whatWasOnItsWayWhenTheKeyWentComesTooLate() {
        scenario.apply(open("alice", key("alice"), 0));
        ApplyResult rotated = scenario.apply(
                rotate("alice", key("alice"), key("new")),
                Commands.requests("alice", 2, 1, 0, java.util.List.of(send("bob", "thief", TTL_MS))),
                scenario.next("alice", send("bob", "owner", TTL_MS)));
        assertThat(rotated.outcomes().get(1)).isEqualTo(no(Rejection.WRONG_KEY));
        assertThat(Scenario.results(rotated.outcomes().get(2)).get(0)).isInstanceOf(RequestResult.Sent.class);

        ApplyResult locked = scenario.apply(
                lock("alice", "code", 10_000), Commands.requests("alice", 1, 2, 0, java.util.List.of(leaveGroup("x"))));
        assertThat(locked.outcomes().get(1)).isEqualTo(no(Rejection.WRONG_KEY));
        assertThat(scenario.bodies("bob")).containsExactly("owner");

        taken("alice", "newest", "code");
        scenario.one(open("alice", key("newest"), 2));
        assertThat(Scenario.results(scenario.one(
                                Commands.requests("alice", 2, 1, 0, java.util.List.of(send("bob", "again", TTL_MS)))))
                        .get(0))
                .as("opened with the key that counts, it goes on")
                .isInstanceOf(RequestResult.Sent.class);
    }

    @Test
    void letsOnlyInvitedPeersIntoAPrivateGroup() {
        scenario.ask("alice", createPrivateGroup("team"));
        assertThat(scenario.askOne("bob", joinGroup("team"))).isEqualTo(refused(Rejection.NOT_INVITED));
        assertThat(scenario.askOne("bob", invite("team", "bob"))).isEqualTo(refused(Rejection.NOT_A_MEMBER));
        done("alice", invite("team", "bob"));
        done("alice", invite("team", "bob"));
        assertThat(scenario.view().invitationsOf("bob", "", 10))
                .extracting(StateView.InvitationView::group, StateView.InvitationView::by)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("team", "alice"));
        done("bob", joinGroup("team"));
        assertThat(scenario.askOne("bob", invite("team", "carol"))).isEqualTo(refused(Rejection.ROLE_TOO_LOW));
        done("bob", leaveGroup("team"));
        assertThat(scenario.askOne("bob", joinGroup("team"))).isEqualTo(refused(Rejection.NOT_INVITED));

        done("alice", invite("team", "carol"));
        done("carol", leaveGroup("team"));
        assertThat(scenario.askOne("carol", joinGroup("team")))
                .as("she declined")
                .isEqualTo(refused(Rejection.NOT_INVITED));
        assertThat(scenario.askOne("alice", invite("team", "team"))).isEqualTo(refused(Rejection.NOT_A_PEER));
        assertThat(scenario.askOne("alice", invite("team", "nobody"))).isEqualTo(refused(Rejection.UNKNOWN_NAME));
    }

    @Test
    void removesAndBans() {
        team();
        scenario.ask("alice", send("team", "one", TTL_MS));
        done("alice", remove("team", "bob", false));
        assertThat(scenario.askOne("bob", send("team", "x", TTL_MS))).isEqualTo(refused(Rejection.NOT_A_MEMBER));
        assertThat(scenario.bodies("bob")).as("not owed any more").isEmpty();
        assertThat(scenario.receipts("alice")).contains("LEFT bob team 1..1");
        done("bob", joinGroup("team"));

        done("alice", remove("team", "bob", true));
        assertThat(scenario.askOne("bob", joinGroup("team"))).isEqualTo(refused(Rejection.BANNED));
        assertThat(scenario.askOne("alice", invite("team", "bob"))).isEqualTo(refused(Rejection.BANNED));
        done("alice", unban("team", "bob"));
        done("bob", joinGroup("team"));

        assertThat(scenario.askOne("alice", remove("team", "dave", false)))
                .isEqualTo(refused(Rejection.PEER_NOT_A_MEMBER));
        for (Request request : new Request[] {
            remove("team", "alice", false),
            remove("team", "alice", true),
            setRole("team", "alice", Role.ROLE_OWNER, true),
            setBlocked("alice", true)
        }) {
            assertThat(scenario.askOne("alice", request)).isEqualTo(refused(Rejection.NOT_YOURSELF));
        }
    }

    @Test
    void givesPowerByRole() {
        team();
        assertThat(scenario.askOne("bob", remove("team", "carol", false))).isEqualTo(refused(Rejection.ROLE_TOO_LOW));
        done("alice", setRole("team", "bob", Role.ROLE_ADMIN, false));
        assertThat(scenario.askOne("bob", remove("team", "alice", false))).isEqualTo(refused(Rejection.ROLE_TOO_LOW));
        assertThat(scenario.askOne("bob", setRole("team", "bob", Role.ROLE_OWNER, false)))
                .isEqualTo(refused(Rejection.ROLE_TOO_LOW));
        assertThat(scenario.askOne("bob", setRole("team", "carol", Role.ROLE_ADMIN, false)))
                .isEqualTo(refused(Rejection.ROLE_TOO_LOW));
        assertThat(scenario.askOne("bob", delete("team"))).isEqualTo(refused(Rejection.ROLE_TOO_LOW));

        done("bob", setRole("team", "carol", Role.ROLE_READER, false));
        assertThat(scenario.askOne("carol", send("team", "x", TTL_MS))).isEqualTo(refused(Rejection.READ_ONLY));
        scenario.ask("alice", send("team", "for all", TTL_MS));
        assertThat(scenario.bodies("carol")).containsExactly("for all");
        done("bob", setRole("team", "carol", Role.ROLE_MEMBER, false));
        assertThat(scenario.askOne("carol", send("team", "x", TTL_MS))).isInstanceOf(RequestResult.Sent.class);

        assertThat(scenario.askOne(
                        "alice",
                        Commands.changeGroup(Commands.change("team", "bob")
                                .setSetRole(ChangeGroup.SetRole.newBuilder().setRole(9)))))
                .isEqualTo(refused(Rejection.BAD_REQUEST));
        assertThat(scenario.askOne("alice", setRole("team", "dave", Role.ROLE_ADMIN, false)))
                .isEqualTo(refused(Rejection.PEER_NOT_A_MEMBER));
    }

    @Test
    void keepsAnOwner() {
        team();
        assertThat(scenario.askOne("alice", leaveGroup("team"))).isEqualTo(refused(Rejection.LAST_OWNER));
        assertThat(scenario.askOne("alice", setRole("team", "alice", Role.ROLE_MEMBER, false)))
                .isEqualTo(refused(Rejection.LAST_OWNER));
        done("alice", setRole("team", "bob", Role.ROLE_OWNER, true));
        assertThat(scenario.view().members("team", "", 10).orElseThrow())
                .extracting(StateView.MemberView::role)
                .containsExactly(StateView.GroupRole.ADMIN, StateView.GroupRole.OWNER, StateView.GroupRole.MEMBER);
        done("alice", leaveGroup("team"));
        assertThat(scenario.askOne("bob", leaveGroup("team"))).isEqualTo(refused(Rejection.LAST_OWNER));
    }

    @Test
    void aDecisionInTheSameEntryCounts() {
        team();
        ApplyResult result = scenario.apply(
                scenario.next("bob", send("team", "before", TTL_MS)),
                scenario.next("alice", setRole("team", "bob", Role.ROLE_READER, false)),
                scenario.next("bob", send("team", "after", TTL_MS)),
                scenario.next("carol", setBlocked("dave", true)),
                scenario.next("dave", send("carol", "after", TTL_MS)));
        assertThat(Scenario.results(result.outcomes().get(0)).get(0)).isInstanceOf(RequestResult.Sent.class);
        assertThat(Scenario.results(result.outcomes().get(2))).containsExactly(refused(Rejection.READ_ONLY));
        assertThat(Scenario.results(result.outcomes().get(4))).containsExactly(refused(Rejection.UNKNOWN_NAME));
    }

    @Test
    void deletesAGroupButNotWhatWasSent() {
        team();
        scenario.ask("alice", send("team", "last words", TTL_MS));
        done("alice", delete("team"));

        for (Request request :
                new Request[] {send("team", "x", TTL_MS), joinGroup("team"), invite("team", "dave"), delete("team")}) {
            assertThat(scenario.askOne("alice", request)).isEqualTo(refused(Rejection.UNKNOWN_NAME));
        }
        assertThat(scenario.askOne("bob", createGroup("team"))).isEqualTo(refused(Rejection.NAME_TAKEN));
        assertThat(taken("team", "thief", "")).isEqualTo(no(Rejection.NAME_TAKEN));
        assertThat(scenario.view().members("team", "", 10)).isEmpty();
        assertThat(scenario.view().groupsOf("bob", "", 10)).isEmpty();
        assertThat(scenario.bodies("bob")).containsExactly("last words");
        scenario.confirmAll("bob");
        assertThat(scenario.state("alice", "team", 1, "bob")).isEqualTo(StateView.RecipientState.DELIVERED);
        assertThat(scenario.view().history("bob", "team", 0, 10).orElseThrow().messages())
                .hasSize(1);
    }

    @Test
    void blocksWithoutTellingTheBlocked() {
        done("bob", setBlocked("dave", true));
        assertThat(scenario.askOne("dave", send("bob", "x", TTL_MS)))
                .isEqualTo(scenario.askOne("dave", send("nobody", "x", TTL_MS)));
        scenario.ask("dave", createPrivateGroup("trap"));
        assertThat(scenario.askOne("dave", invite("trap", "bob"))).isEqualTo(refused(Rejection.UNKNOWN_NAME));
        assertThat(scenario.askOne("bob", send("dave", "x", TTL_MS))).isInstanceOf(RequestResult.Sent.class);
        done("bob", setBlocked("dave", false));
        done("dave", invite("trap", "bob"));
        done("bob", setBlocked("dave", true));
        assertThat(scenario.view().invitationsOf("bob", "", 10)).as("they went").isEmpty();
        done("bob", setBlocked("dave", false));
        assertThat(scenario.askOne("dave", send("bob", "x", TTL_MS))).isInstanceOf(RequestResult.Sent.class);
    }

    @Test
    void boundsWhatIsKept() {
        team();
        Request.Builder block = setBlocked("dave", true).toBuilder();
        block.getSetBlockedBuilder().setBlockedMax(1);
        done("bob", block.build());
        done("bob", block.build());
        block.getSetBlockedBuilder().setPeer("carol");
        assertThat(scenario.askOne("bob", block.build())).isEqualTo(refused(Rejection.TOO_MANY_BLOCKED));
        done("bob", setBlocked("dave", false));
        done("bob", block.build());

        Request first = Commands.changeGroup(Commands.change("team", "dave")
                .setInvite(ChangeGroup.Invite.newBuilder().setInvitedMax(1).setInvitationsMax(1)));
        done("alice", first);
        scenario.peers("eve");
        assertThat(scenario.askOne(
                        "alice",
                        Commands.changeGroup(Commands.change("team", "eve")
                                .setInvite(ChangeGroup.Invite.newBuilder().setInvitedMax(1)))))
                .isEqualTo(refused(Rejection.TOO_MANY_INVITED));
        scenario.ask("carol", createGroup("other"));
        assertThat(scenario.askOne(
                        "carol",
                        Commands.changeGroup(Commands.change("other", "dave")
                                .setInvite(ChangeGroup.Invite.newBuilder().setInvitationsMax(1)))))
                .isEqualTo(refused(Rejection.TOO_MANY_INVITED));
        done("dave", joinGroup("team"));
        done("carol", invite("other", "dave"));
    }

    /** Alice's, with Bob and Carol. */
    private void team() {
        done("alice", createGroup("team"));
        done("bob", joinGroup("team"));
        done("carol", joinGroup("team"));
    }

    private void done(String peer, Request request) {
        assertThat(scenario.askOne(peer, request)).isInstanceOf(RequestResult.Done.class);
    }

    private Outcome admitted(String name, Admission admission, String code) {
        return scenario.one(register(name, key(name), admission, code.isEmpty() ? ByteString.EMPTY : hash(code)));
    }

    private Outcome taken(String name, String by, String code) {
        Command command =
                register(name, key(by), Admission.ADMISSION_OPEN, code.isEmpty() ? ByteString.EMPTY : hash(code));
        return scenario.one(command);
    }

    private static Outcome no(Rejection rejection) {
        return new Outcome.Refused(rejection);
    }
}
