package io.peerlink.integration.torture.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every trouble that the relay is to make really reaches the two ends of a connection. */
final class RelayTest {
    private static final int READ_LIMIT_MS = 10_000;

    private final ServerSocket router = router();
    private final Relay relay = new Relay(loopback(0), loopback(router.getLocalPort()), 7);
    private final List<Socket> sockets = new ArrayList<>();

    private static ServerSocket router() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @BeforeEach
    void start() {
        relay.start();
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        router.close();
    }

    /** The two ends of a connection through the relay. */
    private record Ends(Socket caller, Socket router) {
        void up(int value) throws IOException {
            caller.getOutputStream().write(value);
            assertThat(router.getInputStream().read()).isEqualTo(value);
        }

        void down(int value) throws IOException {
            router.getOutputStream().write(value);
            assertThat(caller.getInputStream().read()).isEqualTo(value);
        }
    }

    private Socket keep(Socket socket) throws IOException {
        socket.setSoTimeout(READ_LIMIT_MS);
        sockets.add(socket);
        return socket;
    }

    private Socket call() throws IOException {
        return keep(new Socket(InetAddress.getLoopbackAddress(), relay.port()));
    }

    /** A connection that has passed bytes both ways. */
    private Ends used() throws IOException {
        Ends ends = new Ends(call(), keep(router.accept()));
        ends.up(1);
        ends.down(2);
        return ends;
    }

    /** Gives the order until it hits the one connection there is: which ones it hits is a matter of chance. */
    private void hit(String word) {
        await().until(() -> relay.order(word, 0) == 1);
    }

    @Test
    void passesBytesAndEndsBothWays() throws IOException {
        Ends ends = used();
        ends.caller().shutdownOutput();
        assertThat(ends.router().getInputStream().read()).isEqualTo(-1);
        ends.down(3);
    }

    @Test
    void aCallThatTheRouterRefusesIsReset() throws IOException {
        router.close();
        assertThatThrownBy(() -> {
                    Socket caller = call();
                    caller.getOutputStream().write(1);
                    assertThat(caller.getInputStream().read()).isEqualTo(-2);
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void delaysOneDirection() throws Exception {
        Ends ends = used();
        relay.order("delay-up", 300);
        long start = System.nanoTime();
        ends.up(3);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(relay.order("delayed", 0)).isEqualTo(1);
        relay.order("mend", 0);
        ends.up(4);
        assertThat(relay.order("delayed", 0)).isEqualTo(1);
    }

    @Test
    void aHalfClosedConnectionEndsAtOneSide() throws Exception {
        Ends ends = used();
        hit("half-close");
        // Whichever side it is: it sees the end, and what it sends still comes through.
        if (sees(ends.router(), ends.caller())) {
            ends.down(3);
        } else {
            ends.up(3);
        }
    }

    /** Whether the router's side saw the end, and not the caller's. */
    private static boolean sees(Socket routerSide, Socket callerSide) {
        boolean[] atRouter = new boolean[1];
        await().until(() -> {
            if (isEnded(routerSide)) {
                atRouter[0] = true;
                return true;
            }
            return isEnded(callerSide);
        });
        return atRouter[0];
    }

    private static boolean isEnded(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            return socket.getInputStream().read() == -1;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout(READ_LIMIT_MS);
        }
    }

    @Test
    void aSilencedConnectionLosesOneDirectionAndKeepsTheOther() throws Exception {
        Ends ends = used();
        hit("silence");
        ends.caller().getOutputStream().write(3);
        ends.router().getOutputStream().write(3);
        await().until(() -> relay.order("one-way", 0) == 1);
        relay.order("mend", 0);
        await().until(() -> relay.order("one-way", 0) == 0);
    }

    @Test
    void answersGetLostAndQuestionsDoNot() throws Exception {
        Ends ends = used();
        assertThat(relay.order("silence-down", 0)).isEqualTo(1);
        ends.router().getOutputStream().write(3);
        ends.up(4);
        await().until(() -> relay.order("one-way", 0) == 1);
        relay.order("mend", 0);
        assertThatThrownBy(() -> ends.caller().getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void resetsWhatIsInUse() throws Exception {
        Ends ends = used();
        assertThat(relay.order("reset", 0)).isEqualTo(1);
        assertThatThrownBy(() -> ends.caller().getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> ends.router().getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void whatALaterConnectionSaysComesFirst() throws Exception {
        relay.order("hold", 200);
        await().until(() -> {
            call().getOutputStream().write(1);
            return relay.order("overtaken", 0) > 0;
        });
    }
}
