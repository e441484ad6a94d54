package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Microversion;
import org.junit.jupiter.api.Test;

class ServerRequestTest {
    private static final String IMAGE = "11111111-1111-4111-8111-111111111111";
    private static final String VOLUME = "22222222-2222-4222-8222-222222222222";

    @Test
    void theSmallestRequestAsksForWhateverNetworkThereIs() {
        ServerRequest request = parse(1, "");
        assertTrue(request.networks().auto());
        assertEquals(1, request.max());
    }

    @Test
    void since237NetworksMustBeGiven() {
        assertEquals("Invalid input: 'server.networks' is a required property.", refused(37, ""));
        assertTrue(parse(37, ", \"networks\": \"none\"").networks().none());
        assertTrue(parse(37, ", \"networks\": \"auto\"").networks().auto());
        assertTrue(refused(36, ", \"networks\": \"auto\"").contains("networks"));
    }

    @Test
    void fieldsOfLaterVersionsAreRefused() {
        assertTrue(refused(18, ", \"description\": \"x\"").contains("description"));
        assertTrue(refused(51, ", \"networks\": \"none\", \"tags\": []").contains("tags"));
    }

    @Test
    void aVolumeWithBootIndexZeroIsTheRootDisk() {
        ServerRequest request = parseWhole(
                1,
                "{\"server\": {\"name\": \"x\", \"flavorRef\": \"f\", \"imageRef\": \"\", \"block_device_mapping_v2\":"
                        + " [{\"uuid\": \"" + VOLUME + "\", \"source_type\": \"volume\", \"destination_type\":"
                        + " \"volume\", \"boot_index\": 0, \"delete_on_termination\": true}]}}");
        assertTrue(request.bootsFromVolume());
        assertTrue(request.volumes().getFirst().deleteOnTermination());
    }

    @Test
    void whatIsNotBuiltIsSaidToBeSo() {
        FaultException refused = assertThrows(
                FaultException.class,
                () -> parse(
                        1,
                        ", \"block_device_mapping_v2\": [{\"source_type\": \"blank\", \"destination_type\": \"volume\"}]"));
        assertInstanceOf(Fault.NotImplemented.class, refused.fault());
    }

    @Test
    void badInputIsABadRequestThatNamesTheField() {
        assertTrue(refused(1, ", \"user_data\": \"***\"").contains("user_data"));
        assertTrue(refused(1, ", \"min_count\": 3, \"max_count\": 2").contains("min_count"));
        assertTrue(refused(1, ", \"accessIPv4\": \"1.2.3\"").contains("accessIPv4"));
        assertTrue(refused(1, ", \"nonsense\": 1").contains("nonsense"));
        assertTrue(refused(1, ", \"metadata\": {\"a\": 1}").contains("metadata"));
    }

    private static String refused(int minor, String more) {
        FaultException refused = assertThrows(FaultException.class, () -> parse(minor, more));
        assertInstanceOf(Fault.BadRequest.class, refused.fault());
        return refused.fault().message();
    }

    private static ServerRequest parse(int minor, String more) {
        return parseWhole(
                minor,
                "{\"server\": {\"name\": \"x\", \"flavorRef\": \"f\", \"imageRef\": \"" + IMAGE + "\"" + more + "}}");
    }

    private static ServerRequest parseWhole(int minor, String text) {
        JsonNode body = Json.tree(text);
        return ServerRequest.of(body, new Microversion(2, minor));
    }
}
