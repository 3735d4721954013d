package io.peerlink.statemachine.snapshot;

/** A checkpoint is damaged, incomplete, or could not be written; the message names the file. */
public final class CheckpointException extends RuntimeException {
    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
