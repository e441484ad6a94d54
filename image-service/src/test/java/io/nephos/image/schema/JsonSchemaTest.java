package io.nephos.image.schema;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nephos.kit.fault.FaultException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void whatFitsIsTaken() {
        assertDoesNotThrow(() -> require("""
                {"namespace": "n", "visibility": "public", "protected": false, "owner": "p",
                 "properties": {"x": {"title": "t", "type": "string", "enum": ["a"], "minLength": 1, "pattern": "^a*$"}},
                 "objects": [{"name": "o", "required": ["x", "y"], "properties": {"y": {"title": "t", "type": "integer"}}}],
                 "tags": [{"name": "t"}], "resource_type_associations": [{"name": "OS::Glance::Image", "prefix": "hw_"}]}
                """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{}",
                "{'namespace': 1}",
                "{'namespace': 'n', 'colour': 'red'}",
                "{'namespace': 'n', 'visibility': 'secret'}",
                "{'namespace': 'n', 'protected': 'yes'}",
                "{'namespace': 'n', 'tags': {'name': 't'}}",
                "{'namespace': 'n', 'tags': [{}]}",
                "{'namespace': 'n', 'properties': {'x': {'title': 't'}}}",
                "{'namespace': 'n', 'properties': {'x': {'title': 't', 'type': 'colour'}}}",
                "{'namespace': 'n', 'properties': {'x': {'title': 't', 'type': 'string', 'pattern': '('}}}",
                "{'namespace': 'n', 'properties': {'x': {'title': 't', 'type': 'string', 'minLength': -1}}}",
                "{'namespace': 'n', 'objects': [{'name': 'o', 'required': ['x', 'x']}]}",
                "{'namespace': 'a\\u0000b'}",
                "{'namespace': 'a\\ud800'}"
            })
    void whatDoesNotFitIsRefusedAndSaysWhere(String body) {
        FaultException refused = assertThrows(FaultException.class, () -> require(body.replace('\'', '"')));
        assertTrue(refused.fault().message().startsWith("Provided object does not match schema 'namespace': "));
    }

    @Test
    void aNameOfEightyCharactersIsTheLongest() {
        assertDoesNotThrow(() -> require("{\"namespace\": \"" + "n".repeat(80) + "\"}"));
        assertThrows(FaultException.class, () -> require("{\"namespace\": \"" + "n".repeat(81) + "\"}"));
    }

    private static void require(String body) throws JsonProcessingException {
        SchemaDocuments.NAMESPACE.require(JSON.readTree(body));
    }
}
