package io.nephos.identity.wire;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "1", "true", "True", "false", "no", "00", " 0"})
    void whatIsInTheQueryIsAskedForUnlessItIsZero(String value) {
        MultivaluedMap<String, String> query = new MultivaluedHashMap<>();
        query.add("parents_as_list", value);
        query.add("subtree_as_list", "0");
        query.add("effective", null);
        assertTrue(Selection.asked(query, "parents_as_list"), value);
        assertTrue(Selection.asked(query, "effective"));
        assertFalse(Selection.asked(query, "subtree_as_list"));
        assertFalse(Selection.asked(query, "parents_as_ids"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "False", " no ", "N", "off", "f"})
    void aWordForNoIsFalseInAFilter(String value) {
        assertFalse(Selection.flag(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "true", "yes", "none", "nope"})
    void anyOtherIsTrue(String value) {
        assertTrue(Selection.flag(value));
    }
}
