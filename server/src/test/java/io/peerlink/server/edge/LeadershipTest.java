package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class LeadershipTest {
    private final AtomicReference<Optional<String>> other = new AtomicReference<>(Optional.empty());
    private final AtomicLong now = new AtomicLong();
    private final Leadership leadership = new Leadership(other::get, now::get);
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void whoeverWaitsIsToldOnceThisRouterLeads() {
        leadership.whenDecided(told::incrementAndGet);
        leadership.check();
        assertThat(told).as("nobody leads yet").hasValue(0);
        leadership.gained(3);
        leadership.check();
        assertThat(told).hasValue(1);
        leadership.whenDecided(told::incrementAndGet);
        assertThat(told).as("at once").hasValue(2);
    }

    @Test
    void whoeverWaitsIsToldOnceAnotherLeads() {
        leadership.whenDecided(told::incrementAndGet);
        other.set(Optional.of("10.0.0.2:7401"));
        leadership.check();
        leadership.check();
        assertThat(told).hasValue(1);
    }

    @Test
    void nobodyWaitsForEver() {
        leadership.whenDecided(told::incrementAndGet);
        now.addAndGet(1_000_000_000);
        leadership.check();
        assertThat(told).hasValue(0);
        now.addAndGet(1_000_000_000);
        leadership.check();
        assertThat(told).hasValue(1);
    }

    @Test
    void whoeverLeftIsNotTold() {
        Runnable task = told::incrementAndGet;
        leadership.whenDecided(task);
        leadership.forget(task);
        leadership.gained(3);
        assertThat(told).hasValue(0);
    }
}
