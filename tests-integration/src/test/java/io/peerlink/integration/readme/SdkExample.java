package io.peerlink.integration.readme;

import io.peerlink.client.MessageStatus;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.SendReceipt;
import io.peerlink.client.identity.Identity;
import java.util.concurrent.CountDownLatch;

/** The README's SDK example; a test runs it and checks that the README shows exactly this. */
public final class SdkExample {
    private SdkExample() {}

    public static MessageStatus run(String... servers) throws InterruptedException {
        // [example]
        Identity aliceKey = Identity.generate("alice"); // or Identity.loadOrCreate(directory, "alice")
        Identity bobKey = Identity.generate("bob");
        try (PeerLinkClient alice = PeerLinkClient.builder()
                        .servers(servers)
                        .identity(aliceKey)
                        .build()
                        .connect();
                PeerLinkClient bob = PeerLinkClient.builder()
                        .servers(servers)
                        .identity(bobKey)
                        .build()
                        .connect()) {
            CountDownLatch delivered = new CountDownLatch(1);
            alice.onReceipt(receipt -> delivered.countDown());
            alice.subscribe(message -> {}); // receipts and messages come while subscribed

            SendReceipt sent = alice.send(OutgoingMessage.text("bob", "Hello Bob!")); // safe on a majority of disks
            bob.subscribe(message -> System.out.println(message.from() + " : " + message.text())); // confirms on return

            delivered.await();
            return alice.status(sent.id()).join(); // bob: DELIVERED, and when
        }
        // [example]
    }
}
