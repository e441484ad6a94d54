package io.nephos.identity.credential;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.Objects;
import java.util.Optional;

/**
 * What an EC2 credential holds.
 *
 * @param trustId the trust that tokens are made by
 * @param applicationCredentialId the application credential whose roles tokens have
 */
public record Ec2Blob(
        String access, String secret, Optional<String> trustId, Optional<String> applicationCredentialId) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** 400 that names what is wrong with the blob of a request. */
    static Ec2Blob of(String blob, Fields fields) {
        JsonNode json;
        try {
            json = JSON.readTree(blob);
        } catch (JsonProcessingException e) {
            throw Fault.badRequest("Invalid blob in credential");
        }
        if (json == null || !json.isObject()) {
            throw fields.invalid("blob", "must be a JSON object in a string.");
        }
        if (!json.path("access").isTextual() || json.path("access").asText().isEmpty()) {
            throw Faults.expecting("access", "credential");
        }
        return of(json);
    }

    /** As it was kept. */
    public static Ec2Blob of(String kept) {
        return of(Attributes.object(kept));
    }

    private static Ec2Blob of(JsonNode json) {
        return new Ec2Blob(
                json.path("access").asText(),
                json.path("secret").asText(),
                text(json, "trust_id"),
                text(json, "app_cred_id"));
    }

    /** As JSON text. */
    public static String text(String access, String secret) {
        return JSON.createObjectNode()
                .put("access", access)
                .put("secret", secret)
                .putNull("trust_id")
                .toString();
    }

    /** 400 when the other would be for another trust or application credential. */
    void requireSameScope(Ec2Blob other) {
        if (!Objects.equals(trustId, other.trustId)) {
            throw Fault.badRequest("trust_id can not be updated for credential");
        }
        if (!Objects.equals(applicationCredentialId, other.applicationCredentialId)) {
            throw Fault.badRequest("app_cred_id can not be updated for credential");
        }
    }

    /** Without the secret, so that no log has it. */
    @Override
    public String toString() {
        return "Ec2Blob[" + access + "]";
    }

    private static Optional<String> text(JsonNode json, String name) {
        return Optional.of(json.path(name)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }
}
