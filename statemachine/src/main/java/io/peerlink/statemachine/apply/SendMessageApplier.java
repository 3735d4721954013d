package io.peerlink.statemachine.apply;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.state.v1.MemberRecord;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.OpenConversation;
import io.peerlink.statemachine.state.OpenInbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gives messages their places in the conversation and a pointer to them in every recipient's inbox. */
final class SendMessageApplier {
    private final EntryState state;
    // By sender, then by addressee: what a send needs, looked up once per entry.
    private final Map<String, Map<String, Route>> routes = new TreeMap<>();
    private @Nullable Route lastRoute;
    private long accessChanges;

    SendMessageApplier(EntryState state) {
        this.state = state;
    }

    /** Where messages of one sender to one addressee go. */
    private record Route(String sender, String to, OpenConversation conversation, List<OpenInbox> recipients) {
        boolean isDirect() {
            return Conversations.isDirect(conversation.conversation());
        }
    }

    /** {@code bodies}: those of the request's that are to be sent. The result is the first one's. */
    RequestResult apply(String sender, SendMessage request, List<ByteString> bodies) {
        Route route = knownRoute(sender, request.getTo());
        if (route == null) {
            Rejection refusal = refusal(sender, request.getTo());
            if (refusal != null) {
                return new RequestResult.Refused(refusal);
            }
            route = newRoute(sender, request.getTo());
            routes.computeIfAbsent(sender, any -> new TreeMap<>()).put(request.getTo(), route);
        }
        lastRoute = route;
        if (route.isDirect() && isFull(route.recipients().get(0), request)) {
            return new RequestResult.Refused(Rejection.INBOX_FULL);
        }
        OpenConversation conversation = route.conversation();
        long sequence = conversation.append(sender, request.getTtlMs(), request.getContentType(), bodies);
        long bytes = state.entry().isOf(4) ? bytes(bodies) : 0;
        for (OpenInbox recipient : route.recipients()) {
            recipient.appendMessages(conversation.conversation(), sender, sequence, bodies.size(), bytes);
        }
        return new RequestResult.Sent(
                conversation.conversation(),
                sequence,
                state.clockMs(),
                route.recipients().size());
    }

    /** Whether as much waits there as may wait; what one request brings may go beyond. 0 is no limit. */
    private static boolean isFull(OpenInbox inbox, SendMessage request) {
        return reaches(inbox.head() - inbox.confirmed(), request.getInboxMax())
                || reaches(inbox.waitingBytes(), request.getInboxBytesMax());
    }

    private static long bytes(List<ByteString> bodies) {
        long bytes = 0;
        for (ByteString body : bodies) {
            bytes += body.size();
        }
        return bytes;
    }

    private static boolean reaches(long waiting, long limit) {
        return limit != 0 && Long.compareUnsigned(waiting, limit) >= 0;
    }

    private @Nullable Rejection refusal(String sender, String to) {
        return switch (state.nameKind(to)) {
            // Whom the addressee blocks sees what it would see if nobody were there.
            case PEER -> state.peers().isBlocked(to, sender) ? Rejection.UNKNOWN_NAME : null;
            case GROUP -> {
                MemberRecord member = state.groups().member(to, sender);
                if (member == null) {
                    yield Rejection.NOT_A_MEMBER;
                }
                yield member.getRole() == Role.ROLE_READER ? Rejection.READ_ONLY : null;
            }
            case NAME_KIND_UNSPECIFIED, DELETED_GROUP -> Rejection.UNKNOWN_NAME;
            case UNRECOGNIZED -> throw new IllegalStateException("name " + to + " of unknown kind");
        };
    }

    private @Nullable Route knownRoute(String sender, String to) {
        long changes = state.groups().changes() + state.peers().blockChanges();
        if (accessChanges != changes) {
            accessChanges = changes;
            routes.clear();
            lastRoute = null;
        }
        if (lastRoute != null && lastRoute.to().equals(to) && lastRoute.sender().equals(sender)) {
            return lastRoute;
        }
        Map<String, Route> known = routes.get(sender);
        return known == null ? null : known.get(to);
    }

    private Route newRoute(String sender, String to) {
        return switch (state.nameKind(to)) {
            case PEER ->
                new Route(
                        sender,
                        to,
                        state.messages().of(Conversations.direct(sender, to)),
                        List.of(state.inboxes().of(to)));
            case GROUP -> {
                List<OpenInbox> recipients = new ArrayList<>();
                for (String member : state.groups().members(to)) {
                    if (!member.equals(sender)) {
                        recipients.add(state.inboxes().of(member));
                    }
                }
                yield new Route(sender, to, state.messages().of(to), List.copyOf(recipients));
            }
            case NAME_KIND_UNSPECIFIED, DELETED_GROUP, UNRECOGNIZED ->
                throw new IllegalStateException("no route to " + to);
        };
    }
}
