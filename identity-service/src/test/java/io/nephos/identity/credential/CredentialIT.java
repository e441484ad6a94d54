package io.nephos.identity.credential;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.nephos.identity.IdentityClient;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class CredentialIT {
    @Inject
    Database db;

    private String admin;
    private String project;
    private String user;
    private String member;

    @BeforeEach
    void aMember() {
        IdentityClient.awaitReady();
        admin = admin();
        String name = unique("keeper");
        user = user(admin, name);
        project = project(admin, unique("project"));
        grant(admin, user, project, "member");
        member = signIn("default", name, "pw", onProject(project)).header("X-Subject-Token");
    }

    @Test
    void aSecretIsGivenBackToItsOwnerAndIsNotReadableInTheDatabase() {
        String id = create(member, "totp", "planted-secret")
                .then()
                .statusCode(201)
                .extract()
                .path("credential.id");
        as(member)
                .get("/v3/credentials/" + id)
                .then()
                .statusCode(200)
                .body("credential.blob", equalTo("planted-secret"));
        String kept = db.rows("select blob from credential where id = $1", id)
                .getFirst()
                .getString(0);
        assertFalse(kept.contains("planted"), kept);
        as(member)
                .body("{\"credential\": {\"blob\": \"another\", \"type\": \"cert\"}}")
                .patch("/v3/credentials/" + id)
                .then()
                .statusCode(200)
                .body("credential.blob", equalTo("another"))
                .body("credential.type", equalTo("cert"));
        as(member)
                .body("{\"credential\": {\"type\": \"ec2\"}}")
                .patch("/v3/credentials/" + id)
                .then()
                .statusCode(400)
                .body("error.message", containsString("credential.type"));
        as(member).delete("/v3/credentials/" + id).then().statusCode(204);
        as(admin).get("/v3/credentials/" + id).then().statusCode(404);
    }

    @Test
    void everyoneListsHisOwnAndTheAdminAll() {
        String own =
                create(member, "cert", "mine").then().statusCode(201).extract().path("credential.id");
        String foreign = as(admin)
                .body("{\"credential\": {\"user_id\": \"%s\", \"type\": \"cert\", \"blob\": \"b\"}}"
                        .formatted(user(admin, unique("other"))))
                .post("/v3/credentials")
                .then()
                .statusCode(201)
                .extract()
                .path("credential.id");
        as(member)
                .get("/v3/credentials")
                .then()
                .body("credentials.id", hasItem(own))
                .body("credentials.id", not(hasItem(foreign)));
        as(admin).get("/v3/credentials?type=cert&user_id=" + user).then().body("credentials", hasSize(1));
        as(member).get("/v3/credentials/" + foreign).then().statusCode(403);
        as(admin).get("/v3/credentials?limit=1").then().body("credentials", hasSize(1));
    }

    @Test
    void whatIsWrongWithACredentialIsNamed() {
        create(member, "ec2", "{\\\"access\\\": \\\"a\\\"}")
                .then()
                .statusCode(400)
                .body("error.message", containsString("credential.project_id"));
        as(member)
                .body(
                        "{\"credential\": {\"user_id\": \"%s\", \"type\": \"ec2\", \"project_id\": \"%s\", \"blob\": \"{}\"}}"
                                .formatted(user, project))
                .post("/v3/credentials")
                .then()
                .statusCode(400)
                .body("error.message", containsString("access"));
        as(member)
                .body(
                        "{\"credential\": {\"user_id\": \"%s\", \"type\": \"cert\", \"project_id\": \"none\", \"blob\": \"b\"}}"
                                .formatted(user))
                .post("/v3/credentials")
                .then()
                .statusCode(400)
                .body("error.message", containsString("credential.project_id"));
        as(member)
                .body("{\"credential\": {\"user_id\": \"another\", \"type\": \"cert\", \"blob\": \"b\"}}")
                .post("/v3/credentials")
                .then()
                .statusCode(403);
    }

    @Test
    void anEc2KeySignsInToItsProjectAndNoFurther() {
        JsonPath key = as(member)
                .body("{\"tenant_id\": \"" + project + "\"}")
                .post("/v3/users/" + user + "/credentials/OS-EC2")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        String access = key.getString("credential.access");
        String secret = key.getString("credential.secret");
        String signature = signed(secret, "AtSignatureVersion1");
        String token = ec2(access, signature)
                .then()
                .statusCode(200)
                .body("token.project.id", equalTo(project))
                .body("token.methods", hasItem("ec2credential"))
                .extract()
                .header("X-Subject-Token");
        as(token).get("/v3/credentials").then().statusCode(403);
        as(token).get("/v3/users/" + user + "/credentials/OS-EC2").then().statusCode(403);
        ec2(access, "wrong").then().statusCode(401);
        ec2("nobody", signature).then().statusCode(401);
        s3(admin, access, signed(secret, "GET\n/bucket")).then().statusCode(200).body("token.user.id", equalTo(user));
        s3(admin, access, "wrong").then().statusCode(401);
        s3(member, access, signed(secret, "GET\n/bucket")).then().statusCode(403);
        as(member)
                .delete("/v3/users/" + user + "/credentials/OS-EC2/" + access)
                .then()
                .statusCode(204);
        ec2(access, signature).then().statusCode(401);
    }

    private Response create(String token, String type, String blob) {
        return as(token)
                .body("{\"credential\": {\"user_id\": \"%s\", \"type\": \"%s\", \"blob\": \"%s\"}}"
                        .formatted(user, type, blob))
                .post("/v3/credentials");
    }

    private Response ec2(String access, String signature) {
        return as(admin)
                .body(
                        "{\"ec2Credentials\": {\"access\": \"%s\", \"signature\": \"%s\", \"params\": {\"SignatureVersion\": \"1\", \"A\": \"t\"}}}"
                                .formatted(access, signature))
                .post("/v3/ec2tokens");
    }

    private Response s3(String token, String access, String signature) {
        String text = Base64.getUrlEncoder().encodeToString("GET\n/bucket".getBytes(StandardCharsets.UTF_8));
        return as(token)
                .body("{\"credentials\": {\"access\": \"%s\", \"signature\": \"%s\", \"token\": \"%s\"}}"
                        .formatted(access, signature, text))
                .post("/v3/s3tokens");
    }

    private static String signed(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
