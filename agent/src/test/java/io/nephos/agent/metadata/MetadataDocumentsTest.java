package io.nephos.agent.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.agent.instance.Specs;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetadataDocumentsTest {
    private static final InstanceSpec INSTANCE =
            Specs.running().addPorts(Specs.port(5)).build();

    private static String get(String path) {
        return text(MetadataDocuments.at(path, INSTANCE)).orElseThrow(() -> new AssertionError(path));
    }

    private static Optional<String> text(Optional<MetadataDocuments.Document> document) {
        return document.map(found -> new String(found.body(), StandardCharsets.UTF_8));
    }

    @Test
    void theOpenStackTreeTellsWhoTheGuestIs() {
        JsonObject metaData = new JsonObject(get("/openstack/latest/meta_data.json"));
        assertEquals(INSTANCE.getId(), metaData.getString("uuid"));
        assertEquals("web-1", metaData.getString("hostname"));
        assertEquals("nova", metaData.getString("availability_zone"));
        assertEquals("web", metaData.getJsonObject("meta").getString("role"));
        assertEquals(
                "ssh-ed25519 AAAA me", metaData.getJsonObject("public_keys").getString("laptop"));
        assertEquals("ssh", metaData.getJsonArray("keys").getJsonObject(0).getString("type"));
        assertEquals("#!/bin/sh\necho hi\n", get("/openstack/latest/user_data"));
        assertEquals("{}", get("/openstack/2018-08-27/vendor_data.json"));
        assertTrue(get("/openstack").contains("latest"));
        assertTrue(get("/openstack/latest/").contains("network_data.json"));
    }

    @Test
    void theNetworkIsDescribedPortByPort() {
        JsonObject network = new JsonObject(get("/openstack/latest/network_data.json"));
        assertEquals(
                "fa:16:3e:00:00:05",
                network.getJsonArray("links").getJsonObject(0).getString("ethernet_mac_address"));
        assertEquals(
                "ipv4_dhcp", network.getJsonArray("networks").getJsonObject(0).getString("type"));
    }

    @Test
    void theEc2TreeIsListedAndRead() {
        assertTrue(get("/").contains("latest"));
        assertEquals("meta-data/\nuser-data", get("/latest/"));
        List<String> names = get("/latest/meta-data/").lines().toList();
        assertTrue(names.contains("placement/") && names.contains("instance-id"), names.toString());
        assertEquals("i-1a2b3c4d", get("/latest/meta-data/instance-id"));
        assertEquals("nova", get("/latest/meta-data/placement/availability-zone"));
        assertEquals("10.0.0.5", get("/latest/meta-data/local-ipv4"));
        assertEquals("0=laptop", get("/latest/meta-data/public-keys/"));
        assertEquals("openssh-key", get("/latest/meta-data/public-keys/0/"));
        assertEquals("ssh-ed25519 AAAA me", get("/2009-04-04/meta-data/public-keys/0/openssh-key"));
        assertEquals("#!/bin/sh\necho hi\n", get("/latest/user-data"));
    }

    @Test
    void whatIsNotThereIsNotMadeUp() {
        for (String path : List.of(
                "/x",
                "/openstack/1999-01-01/meta_data.json",
                "/latest/meta-data/nothing",
                "/openstack/latest/../../etc",
                "/latest/dynamic")) {
            assertTrue(MetadataDocuments.at(path, INSTANCE).isEmpty(), path);
        }
        InstanceSpec bare = InstanceSpec.newBuilder().setId(INSTANCE.getId()).build();
        assertTrue(MetadataDocuments.at("/openstack/latest/user_data", bare).isEmpty());
    }

    @Test
    void aGuestIsKnownByItsAddressOnItsNetwork() {
        GuestMetadata metadata = new GuestMetadata(MetadataNetworks.NONE);
        metadata.serve(INSTANCE);
        String network = Specs.port(5).getNetworkId();
        assertEquals(INSTANCE, metadata.find(network, "10.0.0.5").orElseThrow());
        assertTrue(metadata.find(network, "10.0.0.6").isEmpty());
        assertTrue(metadata.find("another", "10.0.0.5").isEmpty());
        metadata.forget(INSTANCE.getId());
        assertTrue(metadata.find(network, "10.0.0.5").isEmpty());
    }

    @Test
    void theMacOfAMetadataPortIsDerivedFromItsNetwork() {
        assertEquals("fa:16:3f:17:d5:a8", MetadataNetworks.macOf("net-1"));
    }
}
