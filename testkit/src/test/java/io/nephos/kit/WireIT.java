package io.nephos.kit;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.RawHttp;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is asked in a way that no route gets to see is answered like everything else. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class WireIT {
    private record Case(String name, String request, int status, String says) {}

    private static Case of(String name, int status, String says, String... lines) {
        return new Case(name, String.join("\r\n", lines) + "\r\nHost: test\r\nConnection: close\r\n\r\n", status, says);
    }

    @TestFactory
    Stream<DynamicTest> errorsBeforeAnyRouteSpeakTheDialect() {
        String length = "POST /widgets HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ";
        return Stream.of(
                        of("a length that is no number", 400, "must be an integer", length + "hi mom"),
                        of("a negative length", 400, "must not be negative", length + "-1"),
                        of("two lengths", 400, "more than one content-length", length + "2", "Content-Length: 3"),
                        of("a list of lengths", 400, "more than one content-length", length + "2, 3"),
                        of("a length for eternity", 400, "must be an integer", length + "9".repeat(30)),
                        of(
                                "a line over 16 KiB",
                                414,
                                "longer than 16384 bytes",
                                "GET /" + "x".repeat(20_000) + " HTTP/1.1"),
                        of(
                                "headers over 64 KiB",
                                431,
                                "longer than 65536 bytes",
                                "GET / HTTP/1.1",
                                "X: " + "y".repeat(70_000)),
                        of("a body over 16 MiB", 413, "longer than 16777216 bytes", length + "20000000"),
                        of("a version of its own", 400, "cannot be read as HTTP", "GET / HTTP/x.y"),
                        of("another protocol", 400, "cannot be read as HTTP", "HELO example.com"),
                        of("a path that is no URI", 400, "malformed", "GET /widgets/%zz HTTP/1.1"),
                        of("a query that is no URI", 400, "malformed", "GET /widgets/open?x=%zz HTTP/1.1"),
                        of("an unknown method", 405, "method", "BREW /widgets/open HTTP/1.1"))
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> check(one)));
    }

    private static void check(Case one) {
        String answer = RawHttp.answerTo(one.request());
        assertTrue(answer.matches("(?s)HTTP/1.[01] " + one.status() + " .*"), answer);
        assertTrue(answer.contains("{\"error\":{") && answer.contains("\"code\":" + one.status()), answer);
        assertTrue(answer.contains(one.says()), answer);
        assertTrue(answer.toLowerCase(java.util.Locale.ROOT).contains("x-openstack-request-id: req-"), answer);
    }

    @Test
    void aBodyThatIsSentInPartsIsCutOffInTheDialectToo() {
        String part = "100000\r\n" + " ".repeat(1 << 20) + "\r\n";
        String answer = RawHttp.answerTo(
                "POST /widgets HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n" + "X-Auth-Token: "
                        + TestTokens.member("p") + "\r\nTransfer-Encoding: chunked\r\n\r\n" + part.repeat(17));
        assertTrue(answer.startsWith("HTTP/1.1 413 ") && answer.contains("\"code\":413"), answer);
    }

    @Test
    void lengthAndPartsAtOnceAreReadAsParts() {
        String answer = RawHttp.answerTo("POST /widgets HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                + "X-Auth-Token: " + TestTokens.member("p") + "\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("widget"), answer);
    }

    @Test
    void whatCannotBeReadIsTheLastOnItsConnectionAndAnsweredInItsTurn() {
        String good = "GET /widgets/open HTTP/1.1\r\nHost: test\r\n\r\n";
        String answers =
                RawHttp.answerTo(good + good + "GET /widgets/open HTTP/1.1\r\nContent-Length: x\r\n\r\n" + good);
        assertEquals(2, answers.split("HTTP/1.1 200 OK", -1).length - 1, answers);
        assertTrue(
                answers.endsWith("}}") && answers.lastIndexOf("HTTP/1.1 400 ") > answers.lastIndexOf("200 OK"),
                answers);
    }

    @Test
    void anErrorToHeadHasNoBody() {
        String answer = RawHttp.answer("HEAD /widgets/%zz HTTP/1.1");
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void aLineOf15KibIsRead() {
        assertTrue(RawHttp.answer("GET /widgets/open?in=" + "x".repeat(15_000) + " HTTP/1.1")
                .startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aPageOfAnAllowedOriginMaySeeTheAnswerAndItsHeaders() {
        given().header("Origin", "http://valid.example.com")
                .get("/widgets/x")
                .then()
                .statusCode(401)
                .header("Access-Control-Allow-Origin", "http://valid.example.com")
                .header("Vary", "Origin");
        String exposed = given().header("Origin", "http://valid.example.com")
                .get("/widgets/open")
                .header("Access-Control-Expose-Headers");
        assertTrue(exposed.contains("X-Subject-Token") && exposed.contains("X-OpenStack-Request-ID"), exposed);
        given().header("Origin", "http://valid.example.com")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "x-auth-token, content-type")
                .options("/widgets")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Headers", "x-auth-token,content-type")
                .header("Access-Control-Allow-Methods", "POST");
    }

    @Test
    void aPageOfAnotherOriginIsAnsweredAndToldNothing() {
        given().header("Origin", "http://invalid.example.com")
                .get("/widgets/open")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", nullValue());
        given().header("Origin", "http://invalid.example.com")
                .header("Access-Control-Request-Method", "GET")
                .options("/widgets/open")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", nullValue())
                .body(equalTo(""));
        assertFalse(given().get("/widgets/open").headers().hasHeaderWithName("Access-Control-Allow-Origin"));
    }
}
