package io.nephos.identity.ec2;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The signature of the text that an S3 request was signed as, by Amazon's versions 1 and 4. Pure. */
final class S3Signature {
    private static final Set<String> SERVICES = Set.of("s3", "iam", "sts");

    private S3Signature() {}

    /** Empty for a text that says it is version 4 and is not. */
    static Optional<String> of(byte[] signedText, String secret) {
        String text = new String(signedText, StandardCharsets.UTF_8);
        if (!text.startsWith("AWS4")) {
            return Optional.of(Base64.getEncoder().encodeToString(Hmac.sha1(secret, signedText)));
        }
        String[] lines = text.split("\n", -1);
        if (lines.length != 4 || !lines[0].equals("AWS4-HMAC-SHA256")) {
            return Optional.empty();
        }
        String[] scope = lines[2].split("/", -1);
        if (scope.length != 4 || !scope[3].equals("aws4_request") || !SERVICES.contains(scope[2])) {
            return Optional.empty();
        }
        byte[] key = Hmac.signingKey(secret, scope[0], scope[1], scope[2]);
        return Optional.of(HexFormat.of().formatHex(Hmac.sha256(key, signedText)));
    }
}
