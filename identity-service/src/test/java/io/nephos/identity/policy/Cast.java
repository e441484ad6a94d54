package io.nephos.identity.policy;

import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.role;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;

import io.nephos.identity.IdentityClient;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The personas of access.txt with their tokens, and the things that its lines and those of requests.txt speak of. */
public final class Cast {
    private static final Pattern NAME = Pattern.compile("\\{([a-z][a-z0-9-]*)}");

    private final String admin = IdentityClient.admin();
    private final Map<String, String> roles = new HashMap<>();
    private final Map<String, String> known = new HashMap<>();
    private final Map<String, String> users = new HashMap<>();
    private final Map<String, String> tokens = new LinkedHashMap<>();
    private final CastDelegation delegation = new CastDelegation(admin);

    public Cast() {
        for (String name : List.of("admin", "manager", "member", "reader", "service")) {
            roles.put(name, role(admin, name));
        }
        for (String place : List.of("home", "foreign")) {
            String domain = IdentityClient.domain(admin, unique(place));
            known.put(place + "/domain", domain);
            known.put(place + "/project", make("project", "\"name\": \"p\", \"domain_id\": \"" + domain + "\""));
        }
        for (String name : List.of("admin", "manager", "member", "reader")) {
            persona("system-" + name, name, "system", "{\"system\": {\"all\": true}}");
            persona("domain-" + name, name, "domains/" + known.get("home/domain"), domainScope());
            persona("project-" + name, name, "projects/" + known.get("home/project"), projectScope("home"));
        }
        persona("service", "service", "projects/" + known.get("home/project"), projectScope("home"));
        persona("stranger", "member", "projects/" + known.get("foreign/project"), projectScope("foreign"));
        tokens.put("anonymous", "");
    }

    /** By persona; empty for who shows none. */
    public Map<String, String> tokens() {
        return tokens;
    }

    private String domainScope() {
        return "{\"domain\": {\"id\": \"" + known.get("home/domain") + "\"}}";
    }

    private String projectScope(String place) {
        return IdentityClient.onProject(String.valueOf(known.get(place + "/project")));
    }

    private void persona(String persona, String role, String target, String scope) {
        String domain = known.get((persona.equals("stranger") ? "foreign" : "home") + "/domain");
        String name = unique(persona);
        String id =
                make("user", "\"name\": \"%s\", \"password\": \"pw\", \"domain_id\": \"%s\"".formatted(name, domain));
        put("/v3/" + target + "/users/" + id + "/roles/" + roles.get(role));
        users.put(persona, id);
        tokens.put(
                persona,
                signIn(String.valueOf(domain), name, "pw", scope)
                        .then()
                        .statusCode(201)
                        .extract()
                        .header("X-Subject-Token"));
    }

    /** With what the names in braces stand for, in that place and for that persona. */
    public String filled(String template, String place, String persona) {
        Matcher name = NAME.matcher(template);
        StringBuilder text = new StringBuilder();
        while (name.find()) {
            name.appendReplacement(text, Matcher.quoteReplacement(thing(name.group(1), place, persona)));
        }
        return name.appendTail(text).toString();
    }

    private String thing(String name, String place, String persona) {
        return switch (name) {
            case "unique" -> unique("m");
            case "self" -> users.getOrDefault(persona, strangerId());
            case "own-token" -> tokens.getOrDefault(persona, "");
            case "member", "reader" -> roles.getOrDefault(name, "");
            case "admin-role", "manager-role" -> roles.getOrDefault(name.substring(0, name.indexOf('-')), "");
            case "outside-user" -> thing("user", place.equals("home") ? "foreign" : "home", persona);
            case "own-trust" -> delegation.ownTrust(tokenOf(persona), users.getOrDefault(persona, strangerId()));
            case "region" -> "RegionOne";
            default -> {
                if (name.startsWith("fresh-")) {
                    yield made(name.substring(6), place);
                }
                String key = place + "/" + name;
                if (!known.containsKey(key)) {
                    known.put(key, made(name, place));
                }
                yield String.valueOf(known.get(key));
            }
        };
    }

    private String strangerId() {
        return users.getOrDefault("stranger", "");
    }

    private String tokenOf(String persona) {
        return persona.isEmpty() || persona.equals("anonymous")
                ? tokens.getOrDefault("stranger", "")
                : tokens.getOrDefault(persona, "");
    }

    private String made(String name, String place) {
        String domain = thing("domain", place, "");
        String named = "\"name\": \"" + unique("t") + "\"";
        String owned = named + ", \"domain_id\": \"" + domain + "\"";
        return switch (name) {
            case "user" -> make("user", owned);
            case "group" -> make("group", owned);
            case "project" -> make("project", owned);
            case "domain" -> make("domain", named + ", \"enabled\": false");
            case "role", "other-role" -> make("role", named);
            case "prior-role" ->
                after(make("role", named), id -> "/v3/roles/" + id + "/implies/" + shared("other-role"));
            case "tagged-project" -> after(make("project", owned), id -> "/v3/projects/" + id + "/tags/kept");
            case "member-user" ->
                after(make("user", owned), id -> "/v3/groups/" + thing("group", place, "") + "/users/" + id);
            case "granted-user" ->
                after(
                        make("user", owned),
                        id -> "/v3/projects/" + thing("project", place, "") + "/users/" + id + "/roles/"
                                + roles.get("member"));
            case "granted-group" ->
                after(
                        make("group", owned),
                        id -> "/v3/projects/" + thing("project", place, "") + "/groups/" + id + "/roles/"
                                + roles.get("reader"));
            case "outside-member" -> {
                String id = make(
                        "user",
                        named + ", \"domain_id\": \"" + thing("domain", place.equals("home") ? "foreign" : "home", "")
                                + "\"");
                yield after(id, user -> "/v3/groups/" + thing("group", place, "") + "/users/" + user);
            }
            case "domain-granted-user" ->
                after(
                        make("user", owned),
                        id -> "/v3/domains/" + domain + "/users/" + id + "/roles/" + roles.get("reader"));
            case "domain-granted-group" ->
                after(
                        make("group", owned),
                        id -> "/v3/domains/" + domain + "/groups/" + id + "/roles/" + roles.get("reader"));
            case "system-user" ->
                after(make("user", owned), id -> "/v3/system/users/" + id + "/roles/" + roles.get("reader"));
            case "system-group" ->
                after(make("group", owned), id -> "/v3/system/groups/" + id + "/roles/" + roles.get("reader"));
            case "inheriting-group" ->
                after(
                        make("group", owned),
                        id -> "/v3/OS-INHERIT/domains/" + domain + "/groups/" + id + "/roles/" + roles.get("reader")
                                + "/inherited_to_projects");
            case "heir-group" ->
                after(
                        make("group", owned),
                        id -> "/v3/OS-INHERIT/projects/" + thing("project", place, "") + "/groups/" + id + "/roles/"
                                + roles.get("reader") + "/inherited_to_projects");
            case "delegating-user", "other-delegating-user" ->
                delegation.user(place, domain, thing("project", place, ""));
            case "trust", "application-credential", "access-rule", "ec2-request", "s3-request" -> {
                thing("delegating-user", place, "");
                yield delegation.made(name, place, thing("user", place, ""));
            }
            case "ec2-key" -> delegation.key(thing("user", place, ""), thing("project", place, ""), "access");
            case "inheriting-user" ->
                after(
                        make("user", owned),
                        id -> "/v3/OS-INHERIT/domains/" + domain + "/users/" + id + "/roles/" + roles.get("reader")
                                + "/inherited_to_projects");
            case "heir-user" ->
                after(
                        make("user", owned),
                        id -> "/v3/OS-INHERIT/projects/" + thing("project", place, "") + "/users/" + id + "/roles/"
                                + roles.get("reader") + "/inherited_to_projects");
            case "filtered-project" ->
                after(
                        make("project", owned),
                        id -> "/v3/OS-EP-FILTER/endpoint_groups/" + thing("endpoint-group", place, "") + "/projects/"
                                + id);
            case "associated-project" ->
                after(
                        make("project", owned),
                        id -> "/v3/OS-EP-FILTER/projects/" + id + "/endpoints/" + thing("endpoint", place, ""));
            case "user-token" -> token(owned, domain);
            default -> ofTheCloud(name, place, named);
        };
    }

    private String ofTheCloud(String name, String place, String named) {
        return switch (name) {
            case "region", "other-region" -> make("region", "\"id\": \"" + unique("r") + "\"");
            case "service" -> make("service", "\"type\": \"" + unique("s") + "\"");
            case "endpoint" ->
                make(
                        "endpoint",
                        "\"service_id\": \"%s\", \"interface\": \"public\", \"url\": \"http://x.test\""
                                .formatted(shared("service")));
            case "idp" -> named("identity_provider", "identity_providers", "{}");
            case "protocol-idp" -> protocol(named("identity_provider", "identity_providers", "{}"));
            case "mapping" ->
                named("mapping", "mappings", "{\"rules\": [{\"local\": [], \"remote\": [{\"type\": \"a\"}]}]}");
            case "credential" ->
                make(
                        "credential",
                        "\"type\": \"cert\", \"blob\": \"x\", \"user_id\": \"" + thing("user", place, "") + "\"");
            case "endpoint-group" ->
                checked(as(admin)
                                .body("{\"endpoint_group\": {" + named + ", \"filters\": {\"interface\": \"public\"}}}")
                                .post("/v3/OS-EP-FILTER/endpoint_groups"))
                        .path("endpoint_group.id");
            case "registered-limit" ->
                checked(as(admin)
                                .body("""
                                        {"registered_limits": [{"service_id": "%s", "resource_name": "%s",
                                         "default_limit": 5}]}
                                        """.formatted(shared("service"), unique("l")))
                                .post("/v3/registered_limits"))
                        .path("registered_limits[0].id");
            case "other-limited-resource" -> {
                String id = made("registered-limit", place);
                yield as(admin).get("/v3/registered_limits/" + id).path("registered_limit.resource_name");
            }
            case "limited-resource" ->
                as(admin)
                        .get("/v3/registered_limits/" + shared("registered-limit"))
                        .path("registered_limit.resource_name");
            case "limit" ->
                checked(as(admin)
                                .body("""
                                        {"limits": [{"service_id": "%s", "resource_name": "%s", "resource_limit": 3,
                                         "project_id": "%s"}]}
                                        """.formatted(
                                                shared("service"),
                                                shared("limited-resource"),
                                                known.containsKey("home/limit-made")
                                                        ? made("project", "home")
                                                        : first("home/limit-made", shared("project"))))
                                .post("/v3/limits"))
                        .path("limits[0].id");
            case "configured-domain" -> {
                String id = make("domain", named);
                checked(as(admin)
                        .body("{\"config\": {\"ldap\": {\"url\": \"ldap://x.test\"}}}")
                        .put("/v3/domains/" + id + "/config"));
                yield id;
            }
            default -> throw new IllegalStateException("access.txt speaks of {" + name + "}, which nobody makes");
        };
    }

    private String first(String key, String value) {
        known.put(key, value);
        return value;
    }

    private String shared(String name) {
        return thing(name, "home", "");
    }

    private String token(String owned, String domain) {
        String id = make("user", owned + ", \"password\": \"pw\"");
        String name = as(admin).get("/v3/users/" + id).path("user.name");
        return signIn(domain, name, "pw", "").header("X-Subject-Token");
    }

    private String named(String noun, String plural, String attributes) {
        String id = unique("f");
        checked(as(admin).body("{\"" + noun + "\": " + attributes + "}").put("/v3/OS-FEDERATION/" + plural + "/" + id));
        return id;
    }

    private String protocol(String idp) {
        checked(as(admin)
                .body("{\"protocol\": {\"mapping_id\": \"keycloak\"}}")
                .put("/v3/OS-FEDERATION/identity_providers/" + idp + "/protocols/openid"));
        return idp;
    }

    private String after(String id, UnaryOperator<String> path) {
        put(path.apply(id));
        return id;
    }

    private void put(String path) {
        checked(as(admin).put(path));
    }

    private String make(String noun, String attributes) {
        return checked(as(admin)
                        .body("{\"" + noun + "\": {" + attributes + "}}")
                        .post("/v3/" + noun + "s"))
                .path(noun + ".id");
    }

    static Response checked(Response response) {
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException("The cast cannot be made: " + response.asString());
        }
        return response;
    }
}
