package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.peerlink.protocol.v1.BackupFile;
import io.peerlink.protocol.v1.BackupHeader;
import io.peerlink.protocol.v1.BackupPart;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.server.backup.PinnedCheckpoint;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One backup on its way to an operator: a checkpoint's files in bounded pieces, each sent only once the stream takes it. Runs
 * on a thread of its own, which it blocks while the operator's machine is slow.
 */
final class BackupStream {
    private static final int PIECE_BYTES = 256 * 1024;
    private static final long PATIENCE_SECONDS = 60;

    private final ServerConfig config;
    private final ServerCallStreamObserver<BackupPart> response;
    /** Released when the stream may take more, or is gone. */
    private final Semaphore wakeUps = new Semaphore(0);

    /** To be made inside the call: gRPC takes handlers only there. */
    BackupStream(ServerConfig config, ServerCallStreamObserver<BackupPart> response) {
        this.config = config;
        this.response = response;
        response.setOnReadyHandler(wakeUps::release);
        response.setOnCancelHandler(wakeUps::release);
    }

    /** Sends it all; returns early if the operator went away. */
    void send(Checkpoint newest) throws IOException, InterruptedException {
        try (PinnedCheckpoint pinned = PinnedCheckpoint.pin(config.dataDir(), newest)) {
            Checkpoint checkpoint = pinned.checkpoint();
            List<Checkpoint.Content> contents = checkpoint.contents();
            response.onNext(BackupPart.newBuilder()
                    .setHeader(header(checkpoint, contents, pinned.digest()))
                    .build());
            for (Checkpoint.Content content : contents) {
                if (!send(checkpoint.directory().resolve(content.name()))) {
                    return;
                }
            }
            response.onCompleted();
        }
    }

    private BackupHeader header(Checkpoint checkpoint, List<Checkpoint.Content> contents, StateDigest digest) {
        BackupHeader.Builder header = BackupHeader.newBuilder()
                .setClusterId(config.clusterId())
                .setRouterId(config.routerId())
                .setVersion(String.valueOf(BackupStream.class.getPackage().getImplementationVersion()))
                .setFormat(checkpoint.format())
                .setTerm(checkpoint.position().term())
                .setIndex(checkpoint.position().index())
                .setDigest(digest.sha256())
                .setTakenAtMs(System.currentTimeMillis());
        contents.forEach(content -> header.addFiles(BackupFile.newBuilder()
                .setName(content.name())
                .setSizeBytes(content.sizeBytes())
                .setCrc32C(content.crc32c())));
        return header.build();
    }

    private boolean send(Path file) throws IOException, InterruptedException {
        try (InputStream in = Files.newInputStream(file)) {
            while (true) {
                byte[] piece = in.readNBytes(PIECE_BYTES);
                if (piece.length == 0) {
                    return true;
                }
                if (!awaitReady()) {
                    return false;
                }
                ByteString bytes = UnsafeByteOperations.unsafeWrap(piece);
                response.onNext(BackupPart.newBuilder().setContent(bytes).build());
            }
        }
    }

    /** False if the operator is gone. */
    private boolean awaitReady() throws InterruptedException {
        while (!response.isReady() && !response.isCancelled()) {
            if (!wakeUps.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw ErrorMapper.exception(ErrorMapper.error(
                        ErrorCode.OVERLOADED, "nothing was taken for " + PATIENCE_SECONDS + " s", "try again"));
            }
        }
        return !response.isCancelled();
    }
}
