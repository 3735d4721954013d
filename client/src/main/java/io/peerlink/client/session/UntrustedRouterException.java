package io.peerlink.client.session;

import java.security.cert.CertificateException;

/** A certificate is not the one that was expected. Ends the handshake; {@link ErrorMapper} tells it to the program. */
final class UntrustedRouterException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final String hint;

    UntrustedRouterException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** What to do about it. */
    String hint() {
        return hint;
    }
}
