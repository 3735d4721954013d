package io.peerlink.integration.crowd;

import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What attackers asked for and what they were told. Any thread. */
final class Tally {
    private final LongAdder requests = new LongAdder();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> ended = new ConcurrentHashMap<>();

    void asked(long count) {
        requests.add(count);
    }

    /** {@code code}: SENT, DONE, or of the refusal. */
    void outcome(String code, long count) {
        outcomes.computeIfAbsent(code, any -> new LongAdder()).add(count);
    }

    boolean has(String code) {
        return outcomes.containsKey(code);
    }

    /** A stream or call that is over. */
    void ended(String how) {
        ended.computeIfAbsent(how, any -> new LongAdder()).increment();
    }

    /** From here on it counts anew. */
    void reset() {
        requests.reset();
        outcomes.clear();
        ended.clear();
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("requests", requests.sum());
        json.add("outcomes", toJson(outcomes));
        json.add("streams_ended", toJson(ended));
        return json;
    }

    private static JsonObject toJson(Map<String, LongAdder> counts) {
        JsonObject json = new JsonObject();
        new TreeMap<>(counts).forEach((code, count) -> json.addProperty(code, count.sum()));
        return json;
    }
}
