package io.peerlink.cli.output;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.peerlink.cli.Failure;
import io.peerlink.cli.output.Happening.Changed;
import io.peerlink.cli.output.Happening.Failed;
import io.peerlink.cli.output.Happening.GroupCreated;
import io.peerlink.cli.output.Happening.Joined;
import io.peerlink.cli.output.Happening.KeyAccepted;
import io.peerlink.cli.output.Happening.Left;
import io.peerlink.cli.output.Happening.MarkedRead;
import io.peerlink.cli.output.Happening.Received;
import io.peerlink.cli.output.Happening.Registered;
import io.peerlink.cli.output.Happening.Sent;
import io.peerlink.cli.output.Happening.StateChanged;
import io.peerlink.client.Encryption;
import io.peerlink.client.Receipt;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Prints happenings and tables in one format, a line at a time, flushed at once. Thread-safe: happenings come from the
 * client's callbacks as well as from the command.
 */
public final class Printer {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final OutputFormat format;
    private final boolean states;
    private final Theme theme;
    private final Consumer<String> lines;

    /**
     * @param states whether Sent, Delivered and Read are shown
     * @param lines takes a finished line, without line end
     */
    public Printer(OutputFormat format, boolean states, Theme theme, Consumer<String> lines) {
        this.format = format;
        this.states = states;
        this.theme = theme;
        this.lines = lines;
    }

    public OutputFormat format() {
        return format;
    }

    /** Prints a happening, unless states are off and it is one. */
    public synchronized void print(Happening happening) {
        if (!states && isState(happening)) {
            return;
        }
        switch (format) {
            case PLAIN -> lines.accept(plain(happening));
            case TABLE -> lines.accept(theme.colour(happening, plain(happening)));
            case JSON -> lines.accept(line(json(happening)));
        }
    }

    /** Sent, Delivered and Read; that something will never be delivered is no mere state. */
    private static boolean isState(Happening happening) {
        return happening instanceof Sent
                || (happening instanceof StateChanged changed
                        && (changed.kind() == Receipt.Kind.DELIVERED || changed.kind() == Receipt.Kind.READ));
    }

    /** Prints a table: aligned with a header, values separated by blanks, or an object per row. */
    public synchronized void print(Table table) {
        switch (format) {
            case PLAIN -> table.rows().forEach(row -> lines.accept(table.plain(row)));
            case TABLE -> table.aligned().forEach(lines);
            case JSON -> table.rows().forEach(row -> lines.accept(line(table.json(row))));
        }
    }

    /** Prints a line for people; JSON readers are spared it. */
    public synchronized void note(String text) {
        if (format != OutputFormat.JSON) {
            lines.accept(text);
        }
    }

    private static String line(JsonObject object) {
        return TerminalText.escapeJson(GSON.toJson(object));
    }

    /** Names are neutralised as well: what a router says is no more to be trusted than what a peer writes. */
    private static String plain(Happening happening) {
        return TerminalText.neutralise(words(happening));
    }

    private static String words(Happening happening) {
        if (happening instanceof Received received) {
            String group = received.group().map(name -> " (" + name + ")").orElse("");
            String text = SealText.text(received.sender(), received.encryption(), received.text());
            return received.sender() + group + SealText.mark(received.encryption(), received.again()) + " : " + text;
        }
        if (happening instanceof Sent) {
            return "Sent";
        }
        if (happening instanceof StateChanged changed) {
            return stateLine(changed.kind()) + changed.peer();
        }
        if (happening instanceof Registered registered) {
            return "Registered " + registered.name();
        }
        if (happening instanceof GroupCreated created) {
            return "Group " + created.group() + " created";
        }
        if (happening instanceof Joined joined) {
            return "Joined " + joined.group();
        }
        if (happening instanceof Left left) {
            return "Left " + left.group();
        }
        if (happening instanceof Changed changed) {
            return changed.toString();
        }
        if (happening instanceof MarkedRead read) {
            return "Marked " + read.conversation() + " read";
        }
        if (happening instanceof KeyAccepted accepted) {
            return "Accepted the key of " + accepted.peer() + " " + accepted.fingerprint();
        }
        Failure failure = ((Failed) happening).failure();
        return "error: " + failure.code() + " " + failure.message();
    }

    private static String stateLine(Receipt.Kind kind) {
        return switch (kind) {
            case DELIVERED -> "Delivered to ";
            case READ -> "Read by ";
            case LEFT -> "Not delivered, left the group: ";
            case EXPIRED -> "Not delivered, expired: ";
        };
    }

    private static JsonObject json(Happening happening) {
        JsonObject object = new JsonObject();
        object.addProperty("type", happening.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (happening instanceof Received received) {
            object.addProperty("id", received.id().toString());
            object.addProperty("sender", received.sender());
            received.group().ifPresent(group -> object.addProperty("group", group));
            object.addProperty("sent_at", received.sentAt().toString());
            if (received.encryption() != Encryption.NONE) {
                object.addProperty("encryption", received.encryption().name());
            }
            if (received.again()) {
                object.addProperty("again", true);
            }
            object.addProperty("text", received.text());
        } else if (happening instanceof Sent sent) {
            object.addProperty("id", sent.id().toString());
            object.addProperty("to", sent.to());
            object.addProperty("recipients", sent.recipients());
        } else if (happening instanceof StateChanged changed) {
            object.addProperty("type", word(changed.kind()));
            object.addProperty("id", changed.id().toString());
            object.addProperty("peer", changed.peer());
            object.addProperty("at", changed.at().toString());
        } else if (happening instanceof Registered registered) {
            object.addProperty("name", registered.name());
        } else if (happening instanceof GroupCreated created) {
            object.addProperty("group", created.group());
        } else if (happening instanceof Joined joined) {
            object.addProperty("group", joined.group());
        } else if (happening instanceof Left left) {
            object.addProperty("type", "left_group");
            object.addProperty("group", left.group());
        } else if (happening instanceof Changed changed) {
            object.addProperty("type", changed.what().toLowerCase(Locale.ROOT).replace(' ', '_'));
            if (!changed.group().isEmpty()) {
                object.addProperty("group", changed.group());
            }
            if (!changed.whom().isEmpty()) {
                object.addProperty("peer", changed.whom());
            }
        } else if (happening instanceof MarkedRead read) {
            object.addProperty("conversation", read.conversation());
        } else if (happening instanceof KeyAccepted accepted) {
            object.addProperty("type", "key_accepted");
            object.addProperty("peer", accepted.peer());
            object.addProperty("fingerprint", accepted.fingerprint());
        } else if (happening instanceof Failed failed) {
            object.addProperty("type", "error");
            object.addProperty("code", failed.failure().code());
            object.addProperty("message", failed.failure().message());
            object.addProperty("hint", failed.failure().hint());
        }
        return object;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
