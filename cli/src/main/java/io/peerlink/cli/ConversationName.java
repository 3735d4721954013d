package io.peerlink.cli;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.HistoryMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What people call a conversation: the other peer, the group, {@code #group}, or the id itself. Stateless. */
public final class ConversationName {
    private ConversationName() {}

    /** The id of the conversation that a client's user means. Names have no case; routers keep them in lower case. */
    public static CompletableFuture<String> resolve(PeerLinkClient client, String typed) {
        String name = typed.toLowerCase(Locale.ROOT);
        if (name.startsWith("#")) {
            return CompletableFuture.completedFuture(name.substring(1));
        }
        if (name.indexOf('~') >= 0) {
            return CompletableFuture.completedFuture(name);
        }
        // Peers and groups share one table of names, so a name is a conversation's id only if it is a group's.
        return client.history(name, 0, 1).handle((page, refusal) -> {
            if (refusal == null) {
                return name;
            }
            Throwable cause = refusal instanceof CompletionException ? refusal.getCause() : refusal;
            if (cause instanceof PeerLinkException known && known.code() == ErrorCode.UNKNOWN_CONVERSATION) {
                return pair(client.name(), name);
            }
            throw new CompletionException(cause);
        });
    }

    private static String pair(String one, String other) {
        return one.compareTo(other) <= 0 ? one + "~" + other : other + "~" + one;
    }

    /** The message that is meant: {@code CONVERSATION/SEQUENCE}, or the newest one of a conversation. */
    public static CompletableFuture<MessageId> resolveMessage(PeerLinkClient client, String typed) {
        if (typed.indexOf('/') < 0) {
            return resolve(client, typed).thenCompose(conversation -> newest(client, conversation));
        }
        MessageId given = MessageId.parse(typed);
        return resolve(client, given.conversation())
                .thenApply(conversation -> new MessageId(conversation, given.sequence()));
    }

    private static CompletableFuture<MessageId> newest(PeerLinkClient client, String conversation) {
        return client.history(conversation, 0, 1).thenApply(page -> {
            List<HistoryMessage> messages = page.messages();
            if (messages.isEmpty()) {
                throw new CliException(
                        ExitCode.NOT_FOUND, "UNKNOWN_MESSAGE", "there is no message in " + conversation, "");
            }
            return messages.get(messages.size() - 1).id();
        });
    }
}
