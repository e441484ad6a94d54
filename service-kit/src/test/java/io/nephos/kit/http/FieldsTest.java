package io.nephos.kit.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FieldsTest {
    @Test
    void typedValuesAreRead() {
        Fields server =
                fields("{'server': {'name': 'a', 'min_count': '3', 'config_drive': 'yes', 'metadata': {'k': 'v'},"
                        + " 'networks': [{'uuid': '0b7bbf9a-6bb3-4cb3-8f5c-0c7a8a3a0a11'}]}}");
        assertEquals("a", server.text("name", 1, 255));
        assertEquals(3, server.integer("min_count", 1, 10));
        assertTrue(server.flag("config_drive", false));
        assertEquals(Map.of("k", "v"), server.textMap("metadata", 255, 255));
        assertEquals(1, server.objects("networks").size());
        assertEquals(Optional.empty(), server.optionalText("absent", 0, 9));
    }

    @Test
    void everyMismatchNamesTheField() {
        Fields server = fields("{'server': {'name': 5, 'count': 'x', 'flag': 'maybe', 'list': {}, 'map': {'k': 1},"
                + " 'ids': ['a', 7], 'id': 'no-uuid', 'inner': {'deep': 0}}}");
        Map<String, Executable> cases = Map.of(
                "server.name", () -> server.text("name", 1, 9),
                "server.count", () -> server.integer("count", 0, 9),
                "server.flag", () -> server.flag("flag", true),
                "server.list", () -> server.texts("list", 0, 9),
                "server.map.k", () -> server.textMap("map", 9, 9),
                "server.ids.1", () -> server.texts("ids", 0, 9),
                "server.id", () -> server.uuid("id"),
                "server.missing", () -> server.text("missing", 0, 9),
                "server.inner.deep", () -> server.object("inner").integer("deep", 1, 2));
        cases.forEach((field, read) -> {
            FaultException refused = assertThrows(FaultException.class, read);
            assertEquals(Fault.BadRequest.class, refused.fault().getClass());
            assertTrue(refused.getMessage().contains(field), refused.getMessage());
        });
    }

    @Test
    void textThatNoDatabaseKeepsIsRefused() {
        for (String text : List.of("a\\u0000", "\\ud800", "\\udc00\\ud800")) {
            Fields server = fields("{'server': {'name': '" + text + "', 'list': ['" + text + "']}}");
            assertThrows(FaultException.class, () -> server.text("name", 1, 9), text);
            assertThrows(FaultException.class, () -> server.texts("list", 1, 9), text);
        }
    }

    @Test
    void fieldsThatNobodyKnowsAreRefusedByName() {
        FaultException refused = assertThrows(
                FaultException.class,
                () -> fields("{'server': {'name': 'a', 'colour': 'red'}}").only("name"));
        assertTrue(refused.getMessage().contains("colour"));
    }

    @Test
    void aBodyOfAnotherShapeIsABadRequest() {
        for (String body : List.of("[]", "{}", "{'server': []}", "{'server': null}", "7", "null")) {
            assertThrows(FaultException.class, () -> fields(body), body);
        }
        assertThrows(FaultException.class, () -> Fields.of(null, "server"));
    }

    @Test
    void aNumberBeyondItsBoundsIsRefusedEvenWhenHuge() {
        Fields server = fields("{'server': {'n': 99999999999999999999999999}}");
        assertThrows(FaultException.class, () -> server.optionalLong("n", 0, Long.MAX_VALUE));
    }

    private static Fields fields(String json) {
        try {
            JsonNode node = new ObjectMapper().readTree(json.replace('\'', '"'));
            return Fields.of(node, "server");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
