package io.peerlink.cli.output;

import io.peerlink.client.Encryption;

/** What people are told of a message's end-to-end encryption. */
final class SealText {
    private SealText() {}

    /** Stands behind the sender, where no text of a message can: nobody can write it into a plain message. */
    static String mark(Encryption encryption, boolean again) {
        return switch (encryption) {
            case NONE -> "";
            case VERIFIED -> again ? " [sealed, again]" : " [sealed]";
            case FORMER_KEY -> " [sealed, former key]";
            case KEY_CHANGED, FORGED, REPLAYED, NO_KEY, UNREADABLE, NOT_OPENED -> " [sealed, not opened]";
        };
    }

    /** The message's text, or why there is none. */
    static String text(String sender, Encryption encryption, String text) {
        return switch (encryption) {
            case NONE, VERIFIED, FORMER_KEY -> text;
            case KEY_CHANGED ->
                "KEY_CHANGED the key of " + sender + " is not the one remembered here; compare: peerlink keys show "
                        + sender;
            case FORGED -> "FORGED it is not from " + sender + ", or was not made for this conversation";
            case REPLAYED -> "REPLAYED it was here before, at another place";
            case NO_KEY -> "NO_KEY it is for a key that is not on this machine";
            case UNREADABLE -> "UNREADABLE it is not of a kind that this version understands";
            case NOT_OPENED -> "NOT_OPENED the files for end-to-end encryption cannot be used here";
        };
    }
}
