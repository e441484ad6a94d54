package io.nephos.identity.ec2;

import io.nephos.kit.http.Fields;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request to an EC2 API as its server describes it to Keystone.
 *
 * @param parameters of the query or the form, without the signature
 * @param headers names in any case
 * @param bodyHash SHA-256 of the body in hexadecimal digits, for version 4
 */
record SignedRequest(
        String access,
        Optional<String> signature,
        String verb,
        String host,
        String path,
        TreeMap<String, String> parameters,
        TreeMap<String, String> headers,
        String bodyHash) {
    private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    /** 400 for a field of the wrong type. */
    static SignedRequest of(Fields fields) {
        TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(texts(fields, "headers"));
        return new SignedRequest(
                fields.text("access", 1, 255),
                fields.optionalText("signature", 0, 1024).filter(text -> !text.isEmpty()),
                fields.optionalText("verb", 0, 32).orElse(""),
                fields.optionalText("host", 0, 1024).orElse(""),
                fields.optionalText("path", 0, 65_535).orElse(""),
                new TreeMap<>(texts(fields, "params")),
                headers,
                fields.optionalText("body_hash", 0, 128).orElse(""));
    }

    /** When it was signed, if it says so. Throws {@link DateTimeParseException} when that is not a time. */
    Optional<Instant> signedAt() {
        return Optional.ofNullable(parameters.get("Timestamp"))
                .or(() -> Optional.ofNullable(headers.get("X-Amz-Date")))
                .or(() -> Optional.ofNullable(parameters.get("X-Amz-Date")))
                .filter(text -> !text.isEmpty())
                .map(SignedRequest::time);
    }

    SignedRequest withHost(String other) {
        return new SignedRequest(access, signature, verb, other, path, parameters, headers, bodyHash);
    }

    /** Numbers and booleans count as their text. */
    private static Map<String, String> texts(Fields fields, String name) {
        Map<String, String> all = new TreeMap<>();
        fields.optionalObject(name)
                .ifPresent(object -> object.json().properties().forEach(entry -> {
                    if (entry.getValue().isContainerNode()) {
                        throw fields.invalid(name + "." + entry.getKey(), "must be a string.");
                    }
                    all.put(entry.getKey(), entry.getValue().asText());
                }));
        return all;
    }

    private static Instant time(String text) {
        if (text.matches("\\d{8}T\\d{6}Z")) {
            return LocalDateTime.parse(text, BASIC).toInstant(ZoneOffset.UTC);
        }
        return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
}
