package io.peerlink.server.config;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.peerlink.server.config.ServerConfig.Operator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Turns lists of operators into records; notes every one that is unfit, or like one before it. */
final class OperatorsReader {
    private static final List<String> KEYS = List.of("name", "key");
    private static final String LIST = "operators";
    private static final long FILE_BYTES_MAX = 1024 * 1024;

    private final List<Operator> operators = new ArrayList<>();
    private final List<String> problems;

    OperatorsReader(List<String> problems) {
        this.problems = problems;
    }

    /** Those taken so far. */
    List<Operator> operators() {
        return List.copyOf(operators);
    }

    /**
     * Reads such a file.
     *
     * @throws IOException saying why it cannot be read, or must not be believed
     */
    static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file) || Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + ": is no file of at most 1 MiB that can be read");
        }
        Optional<String> fault = FileRights.fault(file);
        if (fault.isPresent()) {
            throw new IOException(file + ": " + fault.get());
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Takes the text of such a file: HOCON with {@code operators} and nothing else. */
    void takeText(String text, Path file) {
        try {
            Config content = ConfigFactory.parseString(
                            text,
                            ConfigParseOptions.defaults()
                                    .setOriginDescription(file.toString())
                                    .setIncluder(new NoIncludes()))
                    .resolve();
            for (String key : content.root().keySet()) {
                if (!key.equals(LIST)) {
                    problems.add(file + ": unknown key " + key + "; this file has operators and nothing else");
                }
            }
            if (content.hasPath(LIST)) {
                takeEntries(content.getConfigList(LIST), "");
            }
        } catch (com.typesafe.config.ConfigException e) {
            problems.add(String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            problems.add(file + ConfigLoader.TOO_DEEP);
        }
    }

    /**
     * Takes entries.
     *
     * @param where before the text of a problem, behind file and line
     */
    void takeEntries(List<? extends Config> entries, String where) {
        for (Config entry : entries) {
            String place = ConfigLoader.at(entry.origin()) + where;
            try {
                take(operator(place, entry), place);
            } catch (com.typesafe.config.ConfigException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Takes one. */
    void take(Operator read, String place) {
        if (operators.stream().anyMatch(known -> known.name().equals(read.name()))) {
            problems.add(place + "name \"" + read.name() + "\" is given twice");
        }
        if (operators.stream().anyMatch(known -> known.publicKey().equals(read.publicKey()))) {
            problems.add(place + "\"" + read.name() + "\" has the key of another operator");
        }
        operators.add(read);
    }

    private Operator operator(String place, Config entry) {
        String name = entry.getString("name");
        if (!ServerConfig.ID.matcher(name).matches() || ServerConfig.NOT_OPERATORS.contains(name)) {
            problems.add(place + "name \"" + name + "\" must match " + ServerConfig.ID.pattern()
                    + ", and not be one of " + ServerConfig.NOT_OPERATORS);
        }
        ByteString key = ByteString.EMPTY;
        try {
            key = ByteString.copyFrom(Base64.getDecoder().decode(entry.getString("key")));
            KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key.toByteArray()));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            problems.add(place + "the key of \"" + name + "\" is no Ed25519 public key in Base64; \"peerlink operator"
                    + " init\" makes one and prints what to put here");
        }
        for (String unknown : entry.root().keySet()) {
            if (!KEYS.contains(unknown)) {
                problems.add(place + "unknown key " + unknown + "; an operator has " + KEYS);
            }
        }
        return new Operator(name, key);
    }
}
