package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DestinationTest {
    @Test
    void aZoneMayNameAHostAndANode() {
        assertEquals(new Destination("nova", "", ""), Destination.of("nova"));
        assertEquals(new Destination("nova", "h1", ""), Destination.of("nova:h1"));
        assertEquals(new Destination("nova", "h1", "n1"), Destination.of("nova:h1:n1"));
        assertEquals(new Destination("nova", "", "n1"), Destination.of("nova::n1"));
        assertEquals(Destination.ANY, Destination.of(""));
        assertTrue(Destination.of("nova::n1").isForced());
        assertFalse(Destination.of("nova").isForced());
    }
}
