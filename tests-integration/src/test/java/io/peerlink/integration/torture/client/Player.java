package io.peerlink.integration.torture.client;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.HistoryPage;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import io.peerlink.integration.torture.history.Stamp;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One peer and what it can do. Its acts belong to one thread at a time; outcomes, messages and receipts come on the SDK's.
 */
final class Player {
    private static final int OUTSTANDING_MAX = 64;
    private static final int BODY_SPREAD = 300;
    private static final int HISTORY_PAGE = 1_000;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private final int number;
    private final ClientSettings settings;
    private final Life.Being being;
    private final Semaphore outstanding = new Semaphore(OUTSTANDING_MAX);
    private final Set<Integer> groups = new TreeSet<>();
    private int lastLife;
    private @Nullable Life life;

    Player(int number, ClientSettings settings, Life.Being being, int lastLife) {
        this.number = number;
        this.settings = settings;
        this.being = being;
        this.lastLife = lastLife;
    }

    int number() {
        return number;
    }

    Set<Integer> groups() {
        return groups;
    }

    private Chronicle chronicle() {
        return being.chronicle();
    }

    /** Begins the next life; returns when attached or after a minute without any leader. */
    void arrive() {
        Life next = new Life(being, settings, ++lastLife);
        life = next;
        next.client().connect();
    }

    /** Learns from the cluster which groups it is in: its earlier process took that knowledge with it. */
    void recallGroups() {
        for (String group : client().groups().join()) {
            groups.add(Names.groupOf(Names.conversation(group)));
        }
    }

    /** Closes the session, after everything is settled or in the middle of it. */
    void depart(boolean settled) {
        Life leaving = life;
        if (leaving != null) {
            if (settled) {
                leaving.client().drain(DRAIN_LIMIT);
            }
            leaving.close();
        }
        life = null;
    }

    private Life life() {
        Life current = life;
        if (current == null) {
            throw new IllegalStateException(Names.peer(number) + " is away");
        }
        return current;
    }

    private PeerLinkClient client() {
        return life().client();
    }

    void sendTo(int peer) {
        send(Names.peer(peer), Names.direct(number, peer));
    }

    void sendToGroup(int group) {
        send(Names.group(group), Names.inGroup(group));
    }

    private void send(String to, int conversation) {
        outstanding.acquireUninterruptibly();
        long request = chronicle().nextNumber();
        byte[] body = new Stamp(number, lastLife, request, conversation)
                .body(settings.runId(), Stamp.BYTES_MIN + (int) (request * 7919 % BODY_SPREAD));
        Event invoked = chronicle()
                .event(Kind.INVOKE, Op.SEND, lastLife)
                .in(conversation)
                .number(request)
                .hash(Stamp.hash(body));
        chronicle().write(invoked);
        client().sendAsync(OutgoingMessage.bytes(to, body, "application/x-torture"))
                .whenComplete(chronicle().outcome(invoked, Chronicle::placed))
                .whenComplete((any, failure) -> outstanding.release());
    }

    private Event invoke(Op op, int conversation, long place) {
        return chronicle().invoke(op, lastLife, conversation, place);
    }

    /** Creates a group, or learns that it is there. */
    void create(int group) {
        Event invoked = invoke(Op.CREATE, Names.inGroup(group), 0);
        if (chronicle().settle(invoked, client().createGroup(Names.group(group)))) {
            groups.add(group);
        }
    }

    void join(int group) {
        Event invoked = invoke(Op.JOIN, Names.inGroup(group), 0);
        var joining = client().joinGroup(Names.group(group));
        if (chronicle().settle(invoked, joining) || refusal(joining) == ErrorCode.ALREADY_A_MEMBER) {
            groups.add(group);
        }
    }

    void leave(int group) {
        Event invoked = invoke(Op.LEAVE, Names.inGroup(group), 0);
        var leaving = client().leaveGroup(Names.group(group));
        if (chronicle().settle(invoked, leaving) || refusal(leaving) == ErrorCode.NOT_A_MEMBER) {
            groups.remove(group);
        }
    }

    private static ErrorCode refusal(CompletableFuture<?> failed) {
        try {
            failed.join();
            return ErrorCode.UNKNOWN;
        } catch (CompletionException e) {
            return Chronicle.codeOf(e);
        }
    }

    /** Marks the conversation of the last presented message read up to that message. */
    void markRead() {
        MessageId last = life().lastPresented();
        if (last == null) {
            return;
        }
        Event invoked = invoke(Op.READ, Names.conversation(last.conversation()), last.sequence());
        client().markRead(last).whenComplete(chronicle().outcome(invoked, (mark, ok) -> ok));
    }

    /** Whether a new session finds everything confirmed that is in the inbox; then lets the rest come in. */
    boolean isQuiet() {
        depart(true);
        arrive();
        var attachment = client().attachment();
        boolean quiet = outstanding.availablePermits() == OUTSTANDING_MAX
                && attachment.isPresent()
                && attachment.get().inbox().cursor() == attachment.get().inbox().head();
        client().drain(DRAIN_LIMIT);
        return quiet;
    }

    void noteQuiet() {
        life().witness().quiet();
    }

    /** Reads all that is stored of its direct conversations with higher numbers, and of the group it founded. */
    void noteStored() {
        for (int other = number; other < settings.cast().peers(); other++) {
            noteStored(Names.direct(number, other));
        }
        if (number < settings.cast().groups()) {
            noteStored(Names.inGroup(number));
        }
    }

    private void noteStored(int conversation) {
        long before = 0;
        boolean more = true;
        while (more) {
            HistoryPage page;
            try {
                page = client().history(Names.conversationName(conversation), before, HISTORY_PAGE)
                        .join();
            } catch (CompletionException e) {
                return;
            }
            page.messages().forEach(life().witness()::stored);
            more = page.more() && !page.messages().isEmpty();
            before = more ? page.messages().get(0).id().sequence() : 0;
        }
    }
}
