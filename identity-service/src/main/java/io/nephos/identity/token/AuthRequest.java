package io.nephos.identity.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of POST /v3/auth/tokens, read and nothing more. 400 names the field that is missing or wrong.
 *
 * @param methods as asked for, without repetition; each has its part below
 */
public record AuthRequest(
        List<String> methods,
        Optional<Password> password,
        Optional<String> token,
        Optional<ApplicationCredential> applicationCredential,
        Optional<Passcode> totp,
        Scope scope) {
    /** All that are understood. */
    static final List<String> METHODS = List.of("password", "token", "application_credential", "totp");

    /** By id, or by name and domain. */
    public record User(Optional<String> id, Optional<String> name, Optional<Domain> domain) {}

    /** By id or by name. */
    public record Domain(Optional<String> id, Optional<String> name) {}

    public record Password(User user, String password) {
        /** Without the password, so that no log has it. */
        @Override
        public String toString() {
            return "Password[" + user + "]";
        }
    }

    /** A passcode for a moment (RFC 6238). */
    public record Passcode(User user, String passcode) {
        @Override
        public String toString() {
            return "Passcode[" + user + "]";
        }
    }

    public record ApplicationCredential(
            Optional<String> id, Optional<String> name, Optional<User> user, String secret) {
        @Override
        public String toString() {
            return "ApplicationCredential[" + id + name + "]";
        }
    }

    /** What the token is to be for. */
    public sealed interface Scope {
        /** Not said: the user's default project when he has one. */
        record Unspecified() implements Scope {}

        record Unscoped() implements Scope {}

        record Project(Optional<String> id, Optional<String> name, Optional<Domain> domain) implements Scope {}

        record OfDomain(Domain domain) implements Scope {}

        record Whole() implements Scope {}

        record Trust(String id) implements Scope {}
    }

    public static AuthRequest of(@Nullable JsonNode body) {
        Fields auth = Fields.of(body, "auth");
        Fields identity = auth.object("identity");
        List<String> methods =
                identity.texts("methods", 1, 64).stream().distinct().toList();
        if (methods.isEmpty()) {
            throw identity.required("methods");
        }
        for (String method : methods) {
            if (!METHODS.contains(method)) {
                throw new Fault.Unauthorized("", "Attempted to authenticate with an unsupported method.").asException();
            }
        }
        return new AuthRequest(
                methods,
                methods.contains("password") ? Optional.of(password(identity)) : Optional.empty(),
                methods.contains("token")
                        ? Optional.of(identity.object("token").text("id", 1, 65_536))
                        : Optional.empty(),
                methods.contains("application_credential")
                        ? Optional.of(applicationCredential(identity.object("application_credential")))
                        : Optional.empty(),
                methods.contains("totp") ? Optional.of(passcode(identity)) : Optional.empty(),
                scope(auth));
    }

    private static Password password(Fields identity) {
        Fields user = identity.object("password").object("user");
        return new Password(user(user), user.text("password", 0, 65_536));
    }

    private static Passcode passcode(Fields identity) {
        Fields user = identity.object("totp").object("user");
        return new Passcode(user(user), user.text("passcode", 1, 64));
    }

    private static ApplicationCredential applicationCredential(Fields fields) {
        Optional<String> id = fields.optionalText("id", 1, 64);
        Optional<String> name = fields.optionalText("name", 1, 255);
        Optional<User> user = fields.optionalObject("user").map(AuthRequest::user);
        if (id.isEmpty() && (name.isEmpty() || user.isEmpty())) {
            throw fields.required("id");
        }
        return new ApplicationCredential(id, name, user, fields.text("secret", 0, 65_536));
    }

    private static User user(Fields fields) {
        Optional<String> id = fields.optionalText("id", 1, 255);
        Optional<String> name = fields.optionalText("name", 1, 255);
        Optional<Domain> domain = fields.optionalObject("domain").map(AuthRequest::domain);
        if (id.isEmpty() && name.isEmpty()) {
            throw fields.required("name");
        }
        if (id.isEmpty() && domain.isEmpty()) {
            throw fields.required("domain");
        }
        return new User(id, name, domain);
    }

    private static Domain domain(Fields fields) {
        Optional<String> id = fields.optionalText("id", 1, 255);
        Optional<String> name = fields.optionalText("name", 1, 255);
        if (id.isEmpty() && name.isEmpty()) {
            throw fields.required("id");
        }
        return new Domain(id, name);
    }

    private static Scope scope(Fields auth) {
        JsonNode sent = auth.json().path("scope");
        if (sent.isMissingNode() || sent.isNull()) {
            return new Scope.Unspecified();
        }
        if (sent.isTextual() && sent.asText().equals("unscoped")) {
            return new Scope.Unscoped();
        }
        Fields scope = auth.object("scope");
        List<String> kinds = List.of("project", "domain", "system", "OS-TRUST:trust", "unscoped").stream()
                .filter(scope::has)
                .toList();
        if (kinds.size() != 1) {
            throw auth.invalid("scope", "must have exactly one of project, domain, system, OS-TRUST:trust, unscoped.");
        }
        return switch (kinds.getFirst()) {
            case "project" -> project(scope.object("project"));
            case "domain" -> new Scope.OfDomain(domain(scope.object("domain")));
            case "system" -> system(scope.object("system"));
            case "OS-TRUST:trust" ->
                new Scope.Trust(scope.object("OS-TRUST:trust").text("id", 1, 64));
            default -> new Scope.Unscoped();
        };
    }

    private static Scope project(Fields fields) {
        Optional<String> id = fields.optionalText("id", 1, 255);
        Optional<String> name = fields.optionalText("name", 1, 255);
        Optional<Domain> domain = fields.optionalObject("domain").map(AuthRequest::domain);
        if (id.isEmpty() && name.isEmpty()) {
            throw fields.required("id");
        }
        if (id.isEmpty() && domain.isEmpty()) {
            throw fields.required("domain");
        }
        return new Scope.Project(id, name, domain);
    }

    private static Scope system(Fields fields) {
        if (!fields.flag("all", false)) {
            throw fields.invalid("all", "must be true.");
        }
        return new Scope.Whole();
    }
}
