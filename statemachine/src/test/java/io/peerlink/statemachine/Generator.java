package io.peerlink.statemachine;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Admission;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.state.SessionLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Random batches that make sense often enough: it looks at the model to aim, and misses on purpose. */
final class Generator {
    private static final int PEERS = 5;
    private static final int GROUPS = 4;
    /** The last two let one inviter have one and two. */
    private static final List<Integer> WAITING_MAX = List.of(0, 0, 2, 19, 20);

    private long ttlMs = 1_000;
    private final Random random;
    private final Model model;
    // In half of the lives longer than the step in which use is noted, so that busy incarnations outlive it.
    private final long incarnationsMs;
    // In a third of the lives all bodies are equally long: only then is it known to the byte what waits in an inbox
    // that was confirmed in part.
    private final boolean sameLength;
    private long inboxMax;
    private long inboxBytesMax;
    private long timeMs = 1_000;

    Generator(long seed, Model model) {
        this.random = new Random(seed);
        this.model = model;
        this.sameLength = seed % 3 == 0;
        this.incarnationsMs = seed % 2 == 0 ? 3_000 : SessionLedger.USE_STEP_MS + 1_000;
    }

    Batch batch() {
        timeMs += random.nextInt(10) == 0 ? -random.nextInt(50) : random.nextInt(200);
        Batch.Builder batch = Batch.newBuilder().setFormat(5).setTimeMs(timeMs);
        int commands = 1 + random.nextInt(6);
        for (int i = 0; i < commands; i++) {
            add(batch);
        }
        return batch.build();
    }

    private void add(Batch.Builder batch) {
        int dice = random.nextInt(100);
        String peer = peer();
        if (dice < 3) {
            batch.addCommands(access(peer));
        } else if (dice < 5) {
            batch.addCommands(Commands.register(
                    random.nextInt(8) == 0 ? group() : peer, Commands.key(random.nextInt(8) == 0 ? "thief" : peer)));
        } else if (dice < 12) {
            batch.addCommands(Commands.open(
                    peer,
                    random.nextInt(10) == 0 ? Commands.key("thief") : key(peer),
                    random.nextInt(3) == 0 ? incarnation(peer) : 0));
        } else if (dice < 14) {
            batch.addCommands(Commands.close(peer, incarnation(peer)));
        } else if (dice < 70) {
            batch.addCommands(requests(peer));
        } else if (dice < 92) {
            batch.addCommands(Commands.advance(peer, cursor(peer)));
        } else {
            addTicks(batch);
        }
    }

    /** Small bounded ticks before a complete one must come to the same as the complete one alone. */
    private void addTicks(Batch.Builder batch) {
        long historyMs = random.nextInt(6) * 500L;
        long incarnationMs = incarnationsMs + random.nextInt(3_000);
        for (int i = random.nextInt(4); i > 0; i--) {
            batch.addCommands(Commands.tick(historyMs, incarnationMs, 1 + random.nextInt(8)));
        }
        batch.addCommands(Commands.tick(historyMs, incarnationMs, Integer.MAX_VALUE));
    }

    private ByteString key(String peer) {
        Model.Peer known = model.peers.get(peer);
        return known == null ? Commands.key(peer) : known.key;
    }

    private Command requests(String peer) {
        long incarnation = incarnation(peer);
        Model.Peer known = model.peers.get(peer);
        Model.Session session = known == null ? null : known.sessions.get(incarnation);
        long last = session == null ? 0 : session.last;
        long first = last + 1;
        int back = random.nextInt(10);
        if (back < 3) {
            first = Math.max(random.nextInt(5) == 0 ? 0 : 1, last - random.nextInt(12));
        } else if (back == 3) {
            first = last + 2;
        }
        List<Request> requests = new ArrayList<>();
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 1 + random.nextInt(4);
        String to = to();
        for (int i = 0; i < count; i++) {
            Model.Settled before = session == null ? null : session.settled.get(first + i);
            int dice = random.nextInt(12);
            if (before != null && dice > 1) {
                requests.add(before.request());
            } else {
                to = random.nextInt(3) == 0 ? to() : to;
                Request request = request(peer, to);
                requests.add(before != null && dice == 1 ? Commands.resolvedAgain(before.request(), request) : request);
            }
        }
        long lowest = random.nextInt(3) == 0 ? last + 2 - random.nextInt(10) : 0;
        return Commands.requests(peer, incarnation, first, Math.max(0, lowest), grouped(requests));
    }

    /** Some neighbours as one, where they are alike; a repeat may be grouped differently. */
    private List<Request> grouped(List<Request> requests) {
        List<Request> grouped = new ArrayList<>();
        for (Request request : requests) {
            Optional<Request> joined = grouped.isEmpty() || random.nextInt(4) == 0
                    ? Optional.empty()
                    : Commands.joined(List.of(grouped.get(grouped.size() - 1), request));
            if (joined.isPresent()) {
                grouped.set(grouped.size() - 1, joined.get());
            } else {
                grouped.add(request);
            }
        }
        return grouped;
    }

    private Request request(String peer, String to) {
        int dice = random.nextInt(100);
        if (dice < 54) {
            ttlMs = random.nextInt(3) == 0 ? 100L * (1 + random.nextInt(20)) : ttlMs;
            return send(to);
        } else if (dice < 66) {
            return change(peer);
        } else if (dice < 71) {
            String name = random.nextInt(6) == 0 ? peer : group();
            return random.nextInt(3) == 0 ? Commands.createPrivateGroup(name) : Commands.createGroup(name);
        } else if (dice < 79) {
            return Commands.joinGroup(random.nextInt(8) == 0 ? to : group());
        } else if (dice < 84) {
            return Commands.leaveGroup(random.nextInt(8) == 0 ? to : group());
        } else if (dice < 97) {
            return Commands.markRead(conversation(peer), random.nextInt(3) == 0 ? random.nextInt(30) : 0);
        } else if (dice < 98) {
            return Commands.publishKeys("k" + random.nextInt(1_000), "s" + random.nextInt(1_000));
        } else if (dice < 99) {
            return Commands.refused(Rejection.BODY_TOO_LARGE, random.nextInt());
        }
        return Request.getDefaultInstance();
    }

    /** Mostly like the one before, so that neighbours become one request. */
    private Request send(String to) {
        if (random.nextInt(6) == 0) {
            inboxMax = random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 0;
            inboxBytesMax = sameLength && random.nextInt(2) == 0 ? 1 + random.nextInt(240) : 0;
        }
        int number = random.nextInt(1_000);
        String body = sameLength ? "m" + (1_000 + number) : "m" + number;
        return Commands.limited(Commands.send(to, body, ttlMs), inboxMax, inboxBytesMax);
    }

    private Request change(String caller) {
        String group = random.nextInt(15) == 0 ? peer() : group();
        String peer = random.nextInt(15) == 0 ? to() : peer();
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> Commands.invite(group, peer, WAITING_MAX.get(random.nextInt(WAITING_MAX.size())));
            case 3 -> Commands.remove(group, peer, false);
            case 4 -> Commands.remove(group, peer, true);
            case 5 -> Commands.unban(group, peer);
            case 6, 7, 8 ->
                Commands.setRole(
                        group,
                        random.nextInt(6) == 0 ? caller : peer,
                        ModelGroups.RANKS.get(random.nextInt(4)),
                        random.nextInt(5) == 0);
            case 9 -> random.nextInt(6) == 0 ? Commands.delete(group) : Commands.unban(group, peer);
            default -> Commands.setBlocked(peer, random.nextInt(3) == 0);
        };
    }

    /** Keys that change, and codes: known again by their few names. */
    private Command access(String peer) {
        String code = "code" + random.nextInt(4);
        long ttlMs = random.nextInt(3_000);
        return switch (random.nextInt(7)) {
            case 0 -> Commands.createInvite(code, random.nextInt(2) == 0 ? peer : "", ttlMs);
            case 1 -> Commands.lock(peer, code, ttlMs);
            case 2 ->
                Commands.rotate(
                        peer,
                        Commands.key(random.nextInt(4) == 0 ? "thief" : peer),
                        Commands.key(random.nextInt(2) == 0 ? peer : peer + "'"));
            case 3 -> Commands.revokeInvite(code);
            default ->
                Commands.register(
                        peer,
                        Commands.key(peer),
                        Admission.forNumber(random.nextInt(3)),
                        random.nextInt(4) == 0 ? ByteString.EMPTY : Commands.hash(code));
        };
    }

    private String conversation(String peer) {
        return random.nextInt(3) == 0 ? group() : Conversations.direct(random.nextInt(10) == 0 ? peer() : peer, peer());
    }

    private long cursor(String peer) {
        Model.Peer known = model.peers.get(peer);
        if (known == null) {
            return random.nextLong(3);
        }
        long head = known.inbox.size();
        return switch (random.nextInt(8)) {
            case 0 -> head + 1 + random.nextLong(3);
            case 1 -> random.nextLong(head + 1);
            case 2, 3 -> head;
            default -> Math.min(head, known.confirmed + random.nextInt(12));
        };
    }

    private long incarnation(String peer) {
        Model.Peer known = model.peers.get(peer);
        if (known == null || known.sessions.isEmpty() || random.nextInt(15) == 0) {
            return 1 + random.nextLong(5);
        }
        List<Long> open = new ArrayList<>(known.sessions.keySet());
        return open.get(random.nextInt(open.size()));
    }

    private String to() {
        return random.nextInt(3) == 0 ? group() : peer();
    }

    private String peer() {
        return "p" + random.nextInt(PEERS);
    }

    private String group() {
        return "g" + random.nextInt(GROUPS);
    }
}
