package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.advance;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Scenario.TTL_MS;
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

/** Limits that the leader wrote into a request. */
final class LimitsTest {
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
    void refusesMoreForAnInboxThatIsFullUntilItIsRead() {
        assertThat(sent(scenario.ask("alice", limited("a", 2), limited("b", 2), limited("c", 2))))
                .containsExactly(true, true, false);
        assertThat(scenario.askOne("carol", limited("d", 2))).isEqualTo(refused(Rejection.INBOX_FULL));
        assertThat(scenario.askOne("alice", send("bob", "e", TTL_MS)))
                .as("0 is no limit")
                .isInstanceOf(RequestResult.Sent.class);

        scenario.one(advance("bob", 2));

        assertThat(scenario.askOne("alice", limited("f", 2))).isInstanceOf(RequestResult.Sent.class);
        assertThat(scenario.bodies("bob")).containsExactly("e", "f");
    }

    @Test
    void refusesMoreForAnInboxWithTooManyBytesUntilTheyAreRead() {
        Request tenBytes = send("bob", "0123456789", TTL_MS);
        Request limited = Commands.limited(tenBytes, 0, 30);
        scenario.ask("alice", tenBytes, tenBytes, tenBytes);
        assertThat(scenario.view().inboxState("bob").orElseThrow().waitingBytes())
                .isEqualTo(30);
        assertThat(scenario.askOne("alice", limited)).isEqualTo(refused(Rejection.INBOX_FULL));

        scenario.one(advance("bob", 1));

        assertThat(scenario.view().inboxState("bob").orElseThrow().waitingBytes())
                .isEqualTo(20);
        assertThat(scenario.askOne("alice", limited)).isInstanceOf(RequestResult.Sent.class);
        scenario.confirmAll("bob");
        assertThat(scenario.view().inboxState("bob").orElseThrow().waitingBytes())
                .isZero();
    }

    @Test
    void refusesNoGroupMessageOnAccountOfOneMember() {
        scenario.ask("alice", Commands.createGroup("team"));
        scenario.ask("bob", Commands.joinGroup("team"));
        Request toTeam = limitedTo("team", "x", 1);
        assertThat(sent(scenario.ask("alice", toTeam, toTeam))).containsExactly(true, true);
    }

    @Test
    void refusesAMembershipTooMany() {
        assertThat(scenario.askOne("alice", create("one", 2))).isInstanceOf(RequestResult.Done.class);
        assertThat(scenario.askOne("alice", create("two", 2))).isInstanceOf(RequestResult.Done.class);
        assertThat(scenario.askOne("alice", create("three", 2))).isEqualTo(refused(Rejection.TOO_MANY_GROUPS));
        scenario.askOne("bob", create("three", 0));
        assertThat(scenario.askOne("alice", join("three", 2, 0))).isEqualTo(refused(Rejection.TOO_MANY_GROUPS));

        scenario.askOne("alice", Commands.delete("one"));

        assertThat(scenario.askOne("alice", join("three", 2, 0))).isInstanceOf(RequestResult.Done.class);
        assertThat(scenario.askOne("alice", Commands.createGroup("four")))
                .as("0 is no limit")
                .isInstanceOf(RequestResult.Done.class);
    }

    @Test
    void refusesAMemberTooMany() {
        scenario.askOne("alice", create("team", 0));
        assertThat(scenario.askOne("bob", join("team", 0, 2))).isInstanceOf(RequestResult.Done.class);
        assertThat(scenario.askOne("carol", join("team", 0, 2))).isEqualTo(refused(Rejection.GROUP_FULL));

        scenario.askOne("bob", Commands.leaveGroup("team"));

        assertThat(scenario.askOne("carol", join("team", 0, 2))).isInstanceOf(RequestResult.Done.class);
    }

    private static List<Boolean> sent(List<RequestResult> results) {
        return results.stream().map(RequestResult.Sent.class::isInstance).toList();
    }

    private static Request limited(String body, long inboxMax) {
        return limitedTo("bob", body, inboxMax);
    }

    private static Request limitedTo(String to, String body, long inboxMax) {
        return Commands.limited(send(to, body, TTL_MS), inboxMax, 0);
    }

    private static Request create(String group, int membershipsMax) {
        Request.Builder request = Commands.createGroup(group).toBuilder();
        request.getCreateGroupBuilder().setMembershipsMax(membershipsMax);
        return request.build();
    }

    private static Request join(String group, int membershipsMax, int membersMax) {
        Request.Builder request = Commands.joinGroup(group).toBuilder();
        request.getJoinGroupBuilder().setMembershipsMax(membershipsMax).setMembersMax(membersMax);
        return request.build();
    }
}
