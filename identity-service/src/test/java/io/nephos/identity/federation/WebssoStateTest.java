package io.nephos.identity.federation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebssoStateTest {
    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.ofEpochSecond(1_000);

    @Test
    void whatWasSignedIsReadUntilItIsTooOld() {
        WebssoState state = new WebssoState("http://dashboard/auth/websso/", "http://here/v3", NOW.plusSeconds(5));
        assertEquals(Optional.of(state), WebssoState.read(state.signed(KEY), KEY, NOW));
        assertEquals(Optional.empty(), WebssoState.read(state.signed(KEY), KEY, NOW.plusSeconds(6)));
    }

    @Test
    void whatOthersWroteIsNot() {
        WebssoState state = new WebssoState("http://dashboard", "http://here", NOW.plusSeconds(5));
        byte[] other = "o".getBytes(StandardCharsets.UTF_8);
        String signed = state.signed(KEY);
        assertEquals(Optional.empty(), WebssoState.read(state.signed(other), KEY, NOW));
        assertEquals(Optional.empty(), WebssoState.read("x" + signed, KEY, NOW));
        assertEquals(Optional.empty(), WebssoState.read(signed.substring(0, signed.length() - 6), KEY, NOW));
        assertEquals(Optional.empty(), WebssoState.read("", KEY, NOW));
        assertEquals(Optional.empty(), WebssoState.read("a.b.c", KEY, NOW));
    }

    @Test
    void theFormEscapesWhatItShows() {
        String form = WebssoState.form("http://d/\"><script>", "to'ken");
        assertFalse(form.contains("\"><script>"));
        assertTrue(form.contains("to&#39;ken"));
    }
}
