package io.peerlink.integration.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's Ed25519, which works each thing out only once: an attach costs two milliseconds of it, more than all the rest of an
 * attach. What is remembered is exactly what was worked out. Thread-safe.
 */
public final class RememberedSignatures extends SignatureSpi {
    private static final String JDK = "SunEC";
    private static final Map<Question, byte[]> SIGNED = new ConcurrentHashMap<>();
    private static final Map<Question, Boolean> VERIFIED = new ConcurrentHashMap<>();

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private @Nullable Key key;

    /** What was asked; a signature to check is part of it. */
    private record Question(ByteBuffer key, ByteBuffer message, ByteBuffer signature) {
        private static final ByteBuffer NONE = ByteBuffer.allocate(0);
    }

    /** For the JDK, by reflection. */
    public RememberedSignatures() {}

    /** From here on, in this JVM. */
    static synchronized void use() {
        if (Security.getProvider(Remembering.NAME) == null) {
            Security.insertProviderAt(new Remembering(), 1);
        }
    }

    private static final class Remembering extends Provider {
        private static final long serialVersionUID = 1;
        private static final String NAME = "PeerLinkSimulation";

        private Remembering() {
            super(NAME, "1", "remembers signatures");
            put("Signature.Ed25519", RememberedSignatures.class.getName());
        }
    }

    @Override
    protected void engineInitVerify(PublicKey publicKey) {
        key = publicKey;
        message.reset();
    }

    @Override
    protected void engineInitSign(PrivateKey privateKey) {
        key = privateKey;
        message.reset();
    }

    @Override
    protected void engineUpdate(byte b) {
        message.write(b);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) {
        message.write(bytes, offset, length);
    }

    private Question question(ByteBuffer signature) throws SignatureException {
        if (key == null) {
            throw new SignatureException("no key");
        }
        return new Question(ByteBuffer.wrap(key.getEncoded()), ByteBuffer.wrap(message.toByteArray()), signature);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        Question question = question(Question.NONE);
        byte[] known = SIGNED.get(question);
        if (known == null) {
            try {
                Signature signature = Signature.getInstance("Ed25519", JDK);
                signature.initSign((PrivateKey) key);
                signature.update(message.toByteArray());
                known = signature.sign();
            } catch (InvalidKeyException e) {
                throw new SignatureException(e);
            } catch (GeneralSecurityException e) {
                throw new SignatureException(e);
            }
            SIGNED.put(question, known);
        }
        return known.clone();
    }

    @Override
    protected boolean engineVerify(byte[] bytes) throws SignatureException {
        Question question = question(ByteBuffer.wrap(bytes.clone()));
        Boolean known = VERIFIED.get(question);
        if (known == null) {
            try {
                Signature signature = Signature.getInstance("Ed25519", JDK);
                signature.initVerify((PublicKey) key);
                signature.update(message.toByteArray());
                known = signature.verify(bytes);
            } catch (GeneralSecurityException e) {
                throw new SignatureException(e);
            }
            VERIFIED.put(question, known);
        }
        return known;
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
        throw new UnsupportedOperationException(name);
    }
}
