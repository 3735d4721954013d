package io.peerlink.client;

/**
 * A message's name: its conversation and its place there. As text: {@code alice~bob/17}, {@code team/3}.
 *
 * @param conversation the group's name, or both peers' names in ascending order joined by {@code ~}
 * @param sequence the place in the conversation, from 1
 */
public record MessageId(String conversation, long sequence) {
    /** Checks both parts. */
    public MessageId {
        if (!isLegal(conversation, sequence)) {
            throw bad(conversation + "/" + sequence);
        }
    }

    /**
     * Reads {@code CONVERSATION/SEQUENCE}.
     *
     * @throws PeerLinkException BAD_ID if the text is no message id
     */
    public static MessageId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw bad(text);
        }
        try {
            return new MessageId(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw bad(text);
        }
    }

    /** Whether the two make a message id. */
    public static boolean isLegal(String conversation, long sequence) {
        return !conversation.isEmpty() && conversation.indexOf('/') < 0 && sequence >= 1;
    }

    private static PeerLinkException bad(String text) {
        return new PeerLinkException(
                ErrorCode.BAD_ID,
                "'" + text + "' is not a message id",
                "Write CONVERSATION/SEQUENCE, for example alice~bob/17.",
                false);
    }

    @Override
    public String toString() {
        return conversation + "/" + sequence;
    }
}
