package io.nephos.image.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.Content;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an image's bytes lie, as a client says it.
 *
 * @param md5 hexadecimal; the empty text when nothing was said
 * @param sha512 hexadecimal; the empty text when nothing was said
 */
record LocationRequest(String url, String md5, String sha512) {
    private static final Pattern SHA512 = Pattern.compile("[0-9a-fA-F]{128}");
    private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");

    /** 400 for what cannot be. */
    static LocationRequest of(@Nullable JsonNode body) {
        Fields wanted = Fields.ofBody(body).only("url", "metadata", "validation_data");
        String url = wanted.text("url", 1, 255);
        Optional<Fields> said = wanted.optionalObject("validation_data");
        if (said.isEmpty()) {
            return new LocationRequest(url, "", "");
        }
        Fields validation = said.get().only("checksum", "os_hash_algo", "os_hash_value");
        String algorithm = validation.text("os_hash_algo", 1, 64);
        String sha512 = validation.text("os_hash_value", 1, 128);
        String md5 = validation.optionalText("checksum", 32, 32).orElse("");
        if (!algorithm.equals("sha512")) {
            throw Fault.badRequest("os_hash_algo must be sha512, not " + algorithm);
        }
        if (!SHA512.matcher(sha512).matches()
                || !(md5.isEmpty() || MD5.matcher(md5).matches())) {
            throw Fault.badRequest("checksum or os_hash_value is not a valid hexadecimal value of its size");
        }
        return new LocationRequest(url, md5, sha512);
    }

    /** As {@link #toInput} wrote it. */
    static LocationRequest ofInput(JsonNode input) {
        return new LocationRequest(
                input.path("loc_url").asText(),
                input.path("validation_data").path("checksum").asText(""),
                input.path("validation_data").path("os_hash_value").asText(""));
    }

    /** As the task shows it. */
    ObjectNode toInput(String imageId) {
        ObjectNode input =
                JsonNodeFactory.instance.objectNode().put("image_id", imageId).put("loc_url", url);
        if (!sha512.isEmpty()) {
            input.putObject("validation_data")
                    .put("checksum", md5.isEmpty() ? null : md5)
                    .put("os_hash_algo", "sha512")
                    .put("os_hash_value", sha512);
        }
        return input;
    }

    /** False when the bytes are others than was said. */
    boolean fits(Content content) {
        return (sha512.isEmpty() || sha512.equalsIgnoreCase(content.sha512()))
                && (md5.isEmpty() || md5.equalsIgnoreCase(content.md5()));
    }
}
