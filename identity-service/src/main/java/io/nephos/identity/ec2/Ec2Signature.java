package io.nephos.identity.ec2;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The signature that a request should have, by Amazon's versions 1, 2 and 4; empty for any other. Pure. */
final class Ec2Signature {
    private static final String V4 = "AWS4-HMAC-SHA256";

    private Ec2Signature() {}

    /** Some clients sign the host without its port. */
    static boolean right(SignedRequest request, String secret) {
        String sent = request.signature().orElse("");
        if (matches(request, secret, sent)) {
            return true;
        }
        int colon = request.host().lastIndexOf(':');
        return colon > 0 && matches(request.withHost(request.host().substring(0, colon)), secret, sent);
    }

    private static boolean matches(SignedRequest request, String secret, String sent) {
        return of(request, secret).filter(right -> Hmac.equal(right, sent)).isPresent();
    }

    static Optional<String> of(SignedRequest request, String secret) {
        String version = request.parameters().getOrDefault("SignatureVersion", "");
        return switch (version) {
            case "1" -> Optional.of(version1(request.parameters(), secret));
            case "2" -> Optional.of(version2(request, secret));
            default -> isVersion4(request) ? version4(request, secret) : Optional.empty();
        };
    }

    private static String version1(Map<String, String> parameters, String secret) {
        TreeMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER.thenComparing(name -> name));
        sorted.putAll(parameters);
        StringBuilder text = new StringBuilder();
        sorted.forEach((name, value) -> text.append(name).append(value));
        return Base64.getEncoder().encodeToString(Hmac.sha1(secret, Hmac.bytes(text.toString())));
    }

    private static String version2(SignedRequest request, String secret) {
        TreeMap<String, String> parameters = new TreeMap<>(request.parameters());
        parameters.put("SignatureMethod", "HmacSHA256");
        String text = String.join("\n", request.verb(), request.host(), request.path(), query(parameters));
        return Base64.getEncoder().encodeToString(Hmac.sha256(Hmac.bytes(secret), text));
    }

    private static boolean isVersion4(SignedRequest request) {
        return request.headers().getOrDefault("Authorization", "").startsWith(V4)
                || V4.equals(request.parameters().get("X-Amz-Algorithm"));
    }

    private static Optional<String> version4(SignedRequest request, String secret) {
        String[] credential = parameter(request, "Credential").split("/", -1);
        String date = Optional.ofNullable(request.headers().get("X-Amz-Date"))
                .or(() -> Optional.ofNullable(request.parameters().get("X-Amz-Date")))
                .orElse("");
        // The key, the day, the region, the service, "aws4_request".
        if (credential.length != 5 || credential[1].isEmpty() || !date.startsWith(credential[1])) {
            return Optional.empty();
        }
        String signedHeaders = parameter(request, "SignedHeaders");
        String canonical = String.join(
                "\n",
                request.verb().toUpperCase(Locale.ROOT),
                request.path(),
                // A POST has its parameters in the body, whose hash is signed.
                request.verb().equalsIgnoreCase("POST") ? "" : query(request.parameters()),
                headers(request, signedHeaders),
                signedHeaders,
                request.bodyHash());
        String scope = String.join("/", List.of(credential).subList(1, 5));
        String text = String.join("\n", V4, date, scope, Hmac.hexDigest(canonical));
        byte[] key = Hmac.signingKey(secret, credential[1], credential[2], credential[3]);
        return Optional.of(HexFormat.of().formatHex(Hmac.sha256(key, text)));
    }

    /** A part of the Authorization header, or the query's X-Amz- parameter of that name. */
    private static String parameter(SignedRequest request, String name) {
        String header = request.headers().get("Authorization");
        if (header == null) {
            return request.parameters().getOrDefault("X-Amz-" + name, "");
        }
        int at = header.indexOf(name + "=");
        return at < 0 ? "" : header.substring(at + name.length() + 1).split(",", 2)[0];
    }

    private static String headers(SignedRequest request, String signed) {
        List<String> lines = new ArrayList<>();
        for (String name : signed.split(";", -1)) {
            String value = request.headers().get(name);
            if (value != null) {
                lines.add(name + ":" + value.strip());
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String query(TreeMap<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> escape(entry.getKey()) + "=" + escape(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** RFC 3986: only letters, digits and "-_.~" stay. */
    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
