package io.nephos.scheduler.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What every Placement route checks first, in Placement's order: that its version is there, that a body is JSON, that the caller may. */
@ApplicationScoped
public class Gate {
    private static final String JSON = "application/json";

    private final RequestContext request;
    private final Policy policy;
    private final HttpHeaders headers;
    private final ObjectMapper mapper;

    @Inject
    public Gate(RequestContext request, Policy policy, HttpHeaders headers, ObjectMapper mapper) {
        this.request = request;
        this.policy = policy;
        this.headers = headers;
        this.mapper = mapper;
    }

    /** 404 below version 1.{@code minor}, 403 unless the rule ("placement:" is put before it) allows the caller. */
    public void pass(int minor, String rule) {
        pass(minor, rule, Map.of());
    }

    public void pass(int minor, String rule, Map<String, String> target) {
        Microversions.since(request, minor);
        authorize(rule, target);
    }

    /** As {@link #pass}, for a route that takes a body: 415 unless the request says that it is JSON. */
    public void passJson(int minor, String rule) {
        Microversions.since(request, minor);
        String type = Optional.ofNullable(headers.getHeaderString(HttpHeaders.CONTENT_TYPE))
                .map(text -> text.split(";", 2)[0].strip())
                .orElse("None");
        if (!type.toLowerCase(Locale.ROOT).equals(JSON)) {
            throw new Fault.UnsupportedMediaType("", "The media type " + type + " is not supported, use " + JSON)
                    .asException();
        }
        authorize(rule, Map.of());
    }

    /** Whatever the rule says, the token must be of a project: the scope of a route is no matter of configuration. */
    private void authorize(String rule, Map<String, String> target) {
        Caller caller = request.caller();
        if (caller.projectId().isEmpty()) {
            throw Fault.forbidden("placement:" + rule + " requires a token that is scoped to a project.");
        }
        policy.require("placement:" + rule, caller, target);
    }

    /** The body, 400 when it is no JSON or not what the schema wants. */
    public JsonNode read(byte[] body, Schema schema) {
        try {
            JsonNode read = mapper.readTree(body);
            if (read == null || read.isMissingNode()) {
                throw malformed("Expecting value");
            }
            return schema.require(read);
        } catch (JsonProcessingException e) {
            throw malformed(e.getOriginalMessage());
        } catch (IOException e) {
            throw malformed("the body is no text");
        }
    }

    public boolean atLeast(int minor) {
        return request.version().atLeast(1, minor);
    }

    private static RuntimeException malformed(String why) {
        return Fault.badRequest("Malformed JSON: " + why);
    }
}
