package io.nephos.identity.policy;

import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.policy.Cast.checked;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What only its owner can make: one user in each place who trusts others, and has credentials and keys. */
final class CastDelegation {
    private final String admin;
    private final Map<String, Delegating> users = new HashMap<>();

    private record Delegating(String id, String project, String token) {}

    CastDelegation(String admin) {
        this.admin = admin;
    }

    String user(String place, String domain, String project) {
        String name = unique("delegating");
        String id = checked(as(admin).body("""
                                {"user": {"name": "%s", "password": "pw", "domain_id": "%s"}}
                                """.formatted(name, domain)).post("/v3/users"))
                .path("user.id");
        grant(admin, id, project, "member");
        String token = signIn(domain, name, "pw", onProject(project)).header("X-Subject-Token");
        users.put(place, new Delegating(id, project, token));
        return id;
    }

    String made(String name, String place, String other) {
        Delegating user = users.get(place);
        if (user == null) {
            throw new IllegalStateException("Nobody delegates in " + place);
        }
        return switch (name) {
            case "trust" -> trust(user.token(), user.id(), other, """
                        , "project_id": "%s", "roles": [{"name": "member"}]""".formatted(user.project()));
            case "application-credential" -> credential(user, "");
            case "access-rule" -> rule(user);
            case "ec2-request" -> ec2Request(user);
            default -> s3Request(user);
        };
    }

    /** That gives nothing but the name of who trusts. */
    String ownTrust(String token, String user) {
        return trust(token, user, user, "");
    }

    private static String trust(String token, String trustor, String trustee, String more) {
        return checked(as(token).body("""
                                {"trust": {"trustor_user_id": "%s", "trustee_user_id": "%s", "impersonation": false%s}}
                                """.formatted(trustor, trustee, more)).post("/v3/OS-TRUST/trusts"))
                .path("trust.id");
    }

    private static String credential(Delegating user, String more) {
        return checked(as(user.token())
                        .body("""
                                {"application_credential": {"name": "%s"%s}}
                                """.formatted(unique("c"), more))
                        .post("/v3/users/" + user.id() + "/application_credentials"))
                .path("application_credential.id");
    }

    /** That no credential uses any more. */
    private static String rule(Delegating user) {
        String path = "/v3/" + unique("x");
        String id = credential(user, """
                , "access_rules": [{"service": "compute", "method": "GET", "path": "%s"}]""".formatted(path));
        checked(as(user.token()).delete("/v3/users/" + user.id() + "/application_credentials/" + id));
        return checked(as(user.token()).get("/v3/users/" + user.id() + "/access_rules?path=" + path))
                .path("access_rules[0].id");
    }

    /** A new EC2 key: its "access" or its "secret". */
    String key(String user, String project, String part) {
        return checked(as(admin)
                        .body("{\"tenant_id\": \"" + project + "\"}")
                        .post("/v3/users/" + user + "/credentials/OS-EC2"))
                .path("credential." + part);
    }

    private String ec2Request(Delegating user) {
        String access = key(user.id(), user.project(), "access");
        String text = "GET\nh\n/\nSignatureMethod=HmacSHA256&SignatureVersion=2";
        return """
                {"credentials": {"access": "%s", "signature": "%s", "verb": "GET", "host": "h", "path": "/",
                 "params": {"SignatureVersion": "2", "SignatureMethod": "HmacSHA256"}}}
                """.formatted(access, signed("HmacSHA256", secret(user, access), text));
    }

    private String s3Request(Delegating user) {
        String access = key(user.id(), user.project(), "access");
        String text = "what was signed";
        return """
                {"credentials": {"access": "%s", "signature": "%s", "token": "%s"}}
                """.formatted(
                        access,
                        signed("HmacSHA1", secret(user, access), text),
                        Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String secret(Delegating user, String access) {
        return checked(as(admin).get("/v3/users/" + user.id() + "/credentials/OS-EC2/" + access))
                .path("credential.secret");
    }

    private static String signed(String algorithm, String secret, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
