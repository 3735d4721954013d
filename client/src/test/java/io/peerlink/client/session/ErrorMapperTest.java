package io.peerlink.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import io.grpc.protobuf.StatusProto;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.protocol.v1.Error;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ErrorMapperTest {
    @Test
    void everyCodeOfTheProtocolHasItsTwin() {
        for (var code : io.peerlink.protocol.v1.ErrorCode.values()) {
            if (code != io.peerlink.protocol.v1.ErrorCode.UNRECOGNIZED
                    && code != io.peerlink.protocol.v1.ErrorCode.ERROR_CODE_UNSPECIFIED) {
                PeerLinkException mapped = ErrorMapper.of(Error.newBuilder()
                        .setCode(code)
                        .setHint("h")
                        .setRetryable(true)
                        .build());
                assertThat(mapped.code().name()).isEqualTo(code.name());
                assertThat(mapped.hint()).isEqualTo("h");
                assertThat(mapped.retryable()).isTrue();
            }
        }
    }

    @Test
    void acceptsACodeOfTheFuture() {
        PeerLinkException mapped =
                ErrorMapper.of(Error.newBuilder().setCodeValue(12345).build());

        assertThat(mapped.code()).isEqualTo(ErrorCode.UNKNOWN);
    }

    @Test
    void readsTheDetailsOfAStatus() {
        PeerLinkException mapped =
                ErrorMapper.of(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                        .setCode(com.google.rpc.Code.FAILED_PRECONDITION_VALUE)
                        .setMessage("not here")
                        .addDetails(Any.pack(ErrorInfo.newBuilder()
                                .setDomain("peerlink")
                                .setReason("NOT_LEADER")
                                .putMetadata("retryable", "true")
                                .putMetadata("hint", "go on")
                                .build()))
                        .build()));

        assertThat(mapped.code()).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(mapped.retryable()).isTrue();
        assertThat(mapped.hint()).isEqualTo("go on");
        assertThat(mapped).hasMessage("not here");
    }

    @Test
    void tellsWhatTlsFound() {
        assertThat(ErrorMapper.of(unavailable(new SSLHandshakeException("PKIX"), new CertificateException("no path")))
                        .code())
                .isEqualTo(ErrorCode.UNTRUSTED_ROUTER);
        PeerLinkException changed = ErrorMapper.of(
                unavailable(new SSLHandshakeException("x"), new UntrustedRouterException("other", "look")));
        assertThat(changed.code()).isEqualTo(ErrorCode.UNTRUSTED_ROUTER);
        assertThat(changed).hasMessage("other");
        assertThat(changed.hint()).isEqualTo("look");
        assertThat(changed.retryable()).isFalse();
        assertThat(ErrorMapper.of(unavailable(new NotSslRecordException("not TLS"), new IOException()))
                        .code())
                .isEqualTo(ErrorCode.TLS_MISMATCH);
        // A router that is killed in the middle of a handshake.
        assertThat(ErrorMapper.of(unavailable(new SSLHandshakeException("closed"), new IOException("reset")))
                        .retryable())
                .isTrue();
    }

    private static StatusRuntimeException unavailable(Throwable failure, Throwable cause) {
        failure.initCause(cause);
        return Status.UNAVAILABLE.withCause(failure).asRuntimeException();
    }

    @Test
    void mapsPlainStatuses() {
        assertThat(ErrorMapper.of(Status.UNAVAILABLE.asRuntimeException()).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(ErrorMapper.of(Status.UNAUTHENTICATED.asRuntimeException()).code())
                .isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(ErrorMapper.of(Status.DATA_LOSS.asRuntimeException()).code()).isEqualTo(ErrorCode.INTERNAL);
    }
}
