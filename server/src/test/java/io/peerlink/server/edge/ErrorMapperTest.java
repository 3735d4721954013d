package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.protocol.v1.Error;
import io.peerlink.statemachine.Rejection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrorMapperTest {
    @ParameterizedTest
    @EnumSource
    void everyRejectionHasACodeOfItsNameAndWords(Rejection rejection) {
        Error error = ErrorMapper.error(rejection);

        assertThat(error.getCode().name()).isEqualTo(rejection.name());
        assertThat(error.getMessage()).isNotBlank();
    }
}
