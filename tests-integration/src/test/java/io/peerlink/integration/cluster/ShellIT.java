package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.identity.Identity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command line as scripts and original users know it: exact lines, exit codes. */
final class ShellIT {
    private static final int OK = 0;
    private static final int USAGE = 2;
    private static final int NOT_FOUND = 3;
    private static final int CONFLICT = 4;
    private static final int UNAVAILABLE = 5;
    private static final int NOT_AUTHORISED = 7;

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    @TempDir
    private Path data;

    private ShellProcess peerlink(String... arguments) {
        return ShellProcess.start(CLUSTER.servers(), data, arguments);
    }

    private int exitCodeOf(String... arguments) {
        try (ShellProcess process = peerlink(arguments)) {
            return process.end();
        }
    }

    @Test
    void threeShellsTalkAcrossTheLeadersDeathInExactlyTheseLines() {
        try (ShellProcess ann = peerlink("shell", "--id", "ann");
                ShellProcess ben = peerlink("shell", "--id", "ben");
                ShellProcess cat = peerlink("shell", "--id", "cat")) {
            ann.type("REGISTER", "Registered ann");
            ben.type("register", "Registered ben");
            cat.type("Register", "Registered cat");
            ann.type("CREATE_GROUP crew", "Group crew created");
            ben.type("join_group crew", "Joined crew");
            cat.type("Join_Group crew", "Joined crew");
            ann.type("SEND_MSG ben hello  there", "Sent", "Delivered to ben");
            ann.type("send_msg crew all hands", "Sent", "Delivered to ben", "Delivered to cat");
            CLUSTER.kill(CLUSTER.leader());
            ben.type("Send_Msg ann still here", "Sent", "Delivered to ann");
            cat.type("leave_GROUP crew", "Left crew");
            ann.type("SEND_MSG crew who is left?", "Sent", "Delivered to ben");
            ann.type("SEND_MSG nobody hello", "error: UNKNOWN_NAME no peer or group has this name");
            assertThat(List.of(ann.end(), ben.end(), cat.end())).containsExactly(NOT_FOUND, OK, OK);
            assertThat(ann.output())
                    .startsWith("Registered ann", "Group crew created", "Sent", "Delivered to ben", "Sent")
                    .endsWith(
                            "ben : still here",
                            "Sent",
                            "Delivered to ben",
                            "error: UNKNOWN_NAME no peer or group has this name")
                    .hasSize(11);
            assertThat(ben.output())
                    .containsExactly(
                            "Registered ben",
                            "Joined crew",
                            "ann : hello  there",
                            "ann (crew) : all hands",
                            "Sent",
                            "Delivered to ann",
                            "ann (crew) : who is left?");
            assertThat(cat.output())
                    .containsExactly("Registered cat", "Joined crew", "ann (crew) : all hands", "Left crew");
        }
    }

    @Test
    void groupsAreManagedAndPeersBlockedInExactlyTheseLines() {
        try (ShellProcess amy = peerlink("shell", "--id", "amy");
                ShellProcess bob = peerlink("shell", "--id", "bob")) {
            amy.type("REGISTER", "Registered amy");
            bob.type("REGISTER", "Registered bob");
            amy.type("CREATE_PRIVATE_GROUP den", "Group den created");
            bob.type("JOIN_GROUP den", "error: NOT_INVITED the group is private and you were not invited");
            amy.type("invite DEN Bob", "Invited bob (den)");
            bob.type("JOIN_GROUP den", "Joined den");
            amy.type("ROLE den bob Reader", "Made reader bob (den)");
            bob.type("SEND_MSG den x", "error: READ_ONLY you may only read in this group");
            amy.type("KICK den bob", "Removed bob (den)");
            amy.type("BAN den bob", "Banned bob (den)");
            amy.type("UNBAN den bob", "Unbanned bob (den)");
            amy.type("INVITE den bob", "Invited bob (den)");
            bob.type("JOIN_GROUP den", "Joined den");
            amy.type("TRANSFER den bob", "Made owner bob (den)");
            bob.type("DELETE_GROUP den", "Deleted den");
            bob.type("BLOCK amy", "Blocked amy");
            bob.type("BLOCKED", "amy");
            amy.type("SEND_MSG bob x", "error: UNKNOWN_NAME no peer or group has this name");
            bob.type("UNBLOCK amy", "Unblocked amy");
            amy.type("SEND_MSG bob hello", "Sent", "Delivered to bob");
            amy.end();
            bob.end();
        }
    }

    @Test
    void aKeyIsChangedAndAMessageTraced() {
        assertThat(exitCodeOf("--id", "kim", "register")).isEqualTo(OK);
        byte[] before = Identity.load(data.resolve("peerlink"), "kim").publicKey();
        assertThat(exitCodeOf("--id", "kim", "rotate-key")).isEqualTo(OK);
        assertThat(Identity.load(data.resolve("peerlink"), "kim").publicKey()).isNotEqualTo(before);
        assertThat(Identity.existsNext(data.resolve("peerlink"), "kim")).isFalse();

        assertThat(exitCodeOf("--id", "kim", "send", "kim", "a note")).isEqualTo(OK);
        try (ShellProcess reader = peerlink("listen", "--id", "kim", "--count", "1");
                ShellProcess trace = peerlink("trace", "--id", "kim", "kim~kim/1")) {
            assertThat(reader.end()).isEqualTo(OK);
            assertThat(trace.end()).isEqualTo(OK);
            assertThat(trace.output().get(0)).matches(".*Z sent kim log index [0-9]+, term [0-9]+");
        }
        try (ShellProcess trace = peerlink("trace", "--id", "kim", "kim~kim/1")) {
            assertThat(trace.end()).isEqualTo(OK);
            assertThat(trace.output()).hasSize(2);
            assertThat(trace.output().get(1)).contains("delivered kim");
        }
    }

    @Test
    void aConversationIsCalledAsPeopleCallIt() {
        try (ShellProcess ann = peerlink("shell", "--id", "name-ann");
                ShellProcess ben = peerlink("shell", "--id", "name-ben")) {
            ann.type("REGISTER", "Registered name-ann");
            ben.type("REGISTER", "Registered name-ben");
            ann.type("CREATE_GROUP name-crew", "Group name-crew created");
            ben.type("JOIN_GROUP name-crew", "Joined name-crew");
            ann.type("SEND_MSG name-ben to you", "Sent", "Delivered to name-ben");
            ann.type("SEND_MSG name-crew to all", "Sent", "Delivered to name-ben");
            ben.type("HISTORY #name-crew");
            ben.type("STATUS NAME-ANN/1");
            ben.type("READ name-ann", "Marked name-ann~name-ben read");
            ben.type("LEAVE_GROUP name-crew", "Left name-crew");
            assertThat(List.of(ann.end(), ben.end())).containsExactly(OK, OK);
            assertThat(String.join("\n", ben.output()))
                    .containsSubsequence("to all", "name-ann~name-ben/1", "DELIVERED");
        }
        for (String pair : List.of("name-ben", "Name-Ann~name-ben")) {
            assertShows("to you", "--id", "name-ann", "history", pair);
            assertShows("READ", "--id", "name-ann", "status", pair + "/1");
        }
        assertShows("READ", "--id", "name-ann", "status", "name-ben");
        assertShows("log index", "--id", "name-ann", "trace", "name-ben/1");
        for (String group : List.of("name-crew", "#Name-Crew")) {
            assertShows("to all", "--id", "name-ben", "history", group);
            assertShows("DELIVERED", "--id", "name-ann", "status", group + "/1");
        }
        assertThat(exitCodeOf("--id", "name-ben", "read", "name-ann")).isEqualTo(OK);
        assertThat(exitCodeOf("--id", "name-ben", "history", "nobody")).isEqualTo(NOT_FOUND);
        assertThat(exitCodeOf("--id", "name-ann", "status", "#name-none")).isEqualTo(NOT_FOUND);
    }

    private void assertShows(String text, String... arguments) {
        try (ShellProcess process = peerlink(arguments)) {
            assertThat(process.end())
                    .as(process.errors() + " " + List.of(arguments))
                    .isEqualTo(OK);
            assertThat(String.join("\n", process.output()))
                    .as("%s", List.of(arguments))
                    .contains(text);
        }
    }

    @Test
    void exitCodesTellScriptsWhatHappened() {
        assertThat(exitCodeOf("--id", "eve", "register")).isEqualTo(OK);
        assertThat(exitCodeOf("--no-such-option")).isEqualTo(USAGE);
        assertThat(exitCodeOf("--id", "eve", "send", "no-such-peer", "hi")).isEqualTo(NOT_FOUND);
        assertThat(exitCodeOf("--id", "eve", "--servers", "127.0.0.1:1", "--timeout", "1s", "send", "eve", "hi"))
                .isEqualTo(UNAVAILABLE);
        try (TestPeer owner = CLUSTER.peer("own")) {
            Identity.loadOrCreate(data.resolve("peerlink"), owner.name());
            assertThat(exitCodeOf("--id", "own", "send", "eve", "hi")).isEqualTo(NOT_AUTHORISED);
            assertThat(exitCodeOf("--id", "own", "register")).isEqualTo(CONFLICT);
        }
    }

    @Test
    void jsonIsOneObjectALine() {
        try (TestPeer friend = CLUSTER.peer("json-friend", new DeliveryLedger());
                ShellProcess shell = peerlink("shell", "--id", "json", "--output", "json")) {
            shell.type("REGISTER").type("SEND_MSG json to myself").type("SEND_MSG nobody hello");
            shell.type("SEND_MSG json-friend 1");
            assertThat(shell.end()).isEqualTo(NOT_FOUND);
            List<String> types = shell.output().stream()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .map(ShellIT::type)
                    .toList();
            assertThat(types).contains("registered", "sent", "error");
            assertThat(friend.troubles()).isEmpty();
        }
    }

    private static String type(JsonObject line) {
        return line.get("type").getAsString();
    }

    @Test
    void statesOffShowsOnlyWordsAndReceivedTextIsHarmless() {
        try (TestPeer trickster = CLUSTER.peer("trickster");
                ShellProcess quiet = peerlink("shell", "--id", "quiet", "--states", "off")) {
            quiet.type("REGISTER", "Registered quiet");
            quiet.type("SEND_MSG quiet a note", "quiet : a note");
            trickster.client().send(OutgoingMessage.text("quiet", "\u001b[31mred\u001b[0m\nSent\u202e\u009bm\u0007"));
            quiet.awaitLine("trickster : \u241b[31mred\u241b[0m\u240aSent\ufffd\ufffdm\u2407");
            assertThat(quiet.end()).isEqualTo(OK);
            assertThat(quiet.output()).hasSize(3);
            assertThat(quiet.errors()).isEmpty();
        }
    }

    @Test
    void theDemoKeepsItsPromise() {
        try (ShellProcess demo = peerlink("demo")) {
            assertThat(demo.end()).as(String.join("\n", demo.output())).isEqualTo(OK);
        }
    }
}
