package io.nephos.kit.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CorsTest {
    private static final String PAGE = "https://horizon.example.com";

    private static Cors of(String... origins) {
        return new Cors(Optional.of(List.of(origins)), List.of("X-Auth-Token"), List.of("X-Subject-Token"), 60);
    }

    @Test
    void aPageOfTheOriginMaySendWhatIsListedWhateverItsCase() {
        assertEquals(
                Map.of(
                        "Access-Control-Allow-Origin", PAGE,
                        "Access-Control-Allow-Credentials", "true",
                        "Access-Control-Max-Age", "60",
                        "Access-Control-Allow-Methods", "PATCH",
                        "Access-Control-Allow-Headers", "x-auth-token,content-type",
                        "Vary", "Origin"),
                of(PAGE).preflight(PAGE, "PATCH", Optional.of("x-auth-token, content-type")));
    }

    @Test
    void anUnknownOriginMethodOrHeaderIsToldNothing() {
        assertEquals(Map.of(), of(PAGE).preflight("https://evil.example.com", "GET", Optional.empty()));
        assertEquals(Map.of(), of(PAGE).preflight(PAGE, "BREW", Optional.empty()));
        assertEquals(Map.of(), of(PAGE).preflight(PAGE, "GET", Optional.of("X-Auth-Token, X-Other")));
        assertEquals(Map.of(), of(PAGE).actual(PAGE + ":8080"));
    }

    @Test
    void whereAnybodyMayNobodySendsCookies() {
        Map<String, String> answer = of("*").actual(PAGE);
        assertEquals("*", answer.get("Access-Control-Allow-Origin"));
        assertEquals("X-Subject-Token", answer.get("Access-Control-Expose-Headers"));
        assertFalse(answer.containsKey("Access-Control-Allow-Credentials"));
    }
}
