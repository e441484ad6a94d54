package io.nephos.identity.federation;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a browser carries to the login and back: signed, so that nobody else decides where a token goes.
 *
 * @param origin of the dashboard that gets the token
 * @param path to which the login must come back
 */
record WebssoState(String origin, String path, Instant until) {
    private static final SecureRandom RANDOM = new SecureRandom();

    String signed(byte[] key) {
        String body = encoded((until.getEpochSecond() + "\n" + path + "\n" + origin).getBytes(StandardCharsets.UTF_8));
        return body + "." + encoded(mac(key, body));
    }

    /** Empty when it is not one that we signed, or too old. */
    static Optional<WebssoState> read(String signed, byte[] key, Instant now) {
        int dot = signed.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String body = signed.substring(0, dot);
        try {
            byte[] sent = Base64.getUrlDecoder().decode(signed.substring(dot + 1));
            if (!MessageDigest.isEqual(sent, mac(key, body))) {
                return Optional.empty();
            }
            String[] lines = new String(Base64.getUrlDecoder().decode(body), StandardCharsets.UTF_8).split("\n", 3);
            WebssoState state = new WebssoState(lines[2], lines[1], Instant.ofEpochSecond(Long.parseLong(lines[0])));
            return Optional.of(state).filter(read -> read.until().isAfter(now));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** A proof key (RFC 7636). */
    static String verifier() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return encoded(bytes);
    }

    /** S256 of a proof key. */
    static String challenge(String verifier) {
        try {
            return encoded(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The page that posts the token to the dashboard, as Horizon expects it. */
    static String form(String origin, String token) {
        return """
                <!DOCTYPE html>
                <html>
                <head><title>Signing in</title></head>
                <body>
                <form id="sso" name="sso" action="%s" method="post">
                <input type="hidden" name="token" id="token" value="%s"/>
                <noscript><p>Your browser runs no scripts; press the button to go on.</p>
                <input type="submit" value="Continue"/></noscript>
                </form>
                <script>window.onload = function () { document.forms["sso"].submit(); };</script>
                </body>
                </html>
                """.formatted(escaped(origin), escaped(token));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
