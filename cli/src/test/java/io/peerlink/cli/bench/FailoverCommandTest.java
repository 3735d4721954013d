package io.peerlink.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

final class FailoverCommandTest {
    @Test
    void figuresAreTwoLines() {
        String figures = "{\"fault\":\"kill\",\"gaps_ms\":[180,298],\"disk_ms\":[0,12],\"lost\":0}";
        assertThat(FailoverCommand.csv(JsonParser.parseString(figures).getAsJsonObject()))
                .containsExactly("fault,gaps_ms,disk_ms,lost", "kill,180 298,0 12,0");
    }
}
