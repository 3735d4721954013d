package io.peerlink.server.config;

import com.google.protobuf.ByteString;
import io.peerlink.server.config.ServerConfig.Access;
import io.peerlink.server.config.ServerConfig.Operator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may administrate now: those of the configuration, and those of {@code access.operators-file} as it is at the last look.
 * {@link #look}: one thread; the rest: any.
 */
public final class OperatorList {
    private static final Logger LOGGER = LoggerFactory.getLogger(OperatorList.class);

    private final Access access;
    private volatile List<Operator> operators;
    private String taken = "";
    /** What was said last of a file that cannot be taken: said once, not at each look. */
    private String complaint = "";
    /** Looks at a file that could not be taken. */
    private final AtomicLong refused = new AtomicLong();

    private OperatorList(Access access) {
        this.access = access;
        this.operators = access.operators();
    }

    /**
     * Reads the file, if there is one.
     *
     * @throws IOException if it cannot be taken
     */
    public static OperatorList of(ServerConfig config) throws IOException {
        OperatorList list = new OperatorList(config.access());
        if (config.access().operatorsFile().isPresent()) {
            list.take(config.access().operatorsFile().get());
        }
        return list;
    }

    /** Takes what is in the file now, if it is new and sound; otherwise those from before stay. Reads a small file. */
    public void look() {
        access.operatorsFile().ifPresent(file -> {
            try {
                take(file);
                complaint = "";
            } catch (IOException e) {
                refused.incrementAndGet();
                String why = String.valueOf(e.getMessage());
                if (!why.equals(complaint)) {
                    complaint = why;
                    LOGGER.error("{}; the operators from before stay", why);
                }
            }
        });
    }

    private void take(Path file) throws IOException {
        String text = OperatorsReader.text(file);
        if (text.equals(taken)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        OperatorsReader reader = new OperatorsReader(problems);
        // One at a time, after those of the configuration, so that a name or key is not given in both.
        access.operators().forEach(known -> reader.take(known, ""));
        reader.takeText(text, file);
        if (!problems.isEmpty()) {
            throw new IOException(String.join("; ", problems));
        }
        operators = reader.operators();
        taken = text;
        LOGGER.info(
                "operators, with those in {}: {}",
                file,
                operators.stream().map(Operator::name).toList());
    }

    /** Who has this key. */
    public Optional<Operator> withKey(ByteString publicKey) {
        return operators.stream()
                .filter(operator -> operator.publicKey().equals(publicKey))
                .findFirst();
    }

    /** How many looks found a file that could not be taken; grows with each of them as long as it is so. */
    public long refused() {
        return refused.get();
    }

    /** Whether somebody is listed or could be: then nobody gets in without a key, whoever is taken off the list. */
    public boolean isKept() {
        return access.operatorsFile().isPresent() || !access.operators().isEmpty();
    }
}
