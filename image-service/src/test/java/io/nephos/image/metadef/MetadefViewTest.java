package io.nephos.image.metadef;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.ImageStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetadefViewTest {
    @Test
    void aDefaultIsATextWhateverTheType() {
        ObjectNode property = MetadefView.property(row("cpus", "{\"type\":\"integer\",\"default\":100,\"minimum\":1}"));
        assertEquals("{\"type\":\"integer\",\"default\":\"100\",\"minimum\":1,\"name\":\"cpus\"}", property.toString());
        ObjectNode object = MetadefView.object(
                namespace("n"),
                row(
                        "limits",
                        "{\"properties\":{\"on\":{\"type\":\"boolean\",\"default\":true},\"l\":{\"default\":[1]}}}"));
        assertEquals("\"True\"", object.at("/properties/on/default").toString());
        assertEquals("[1]", object.at("/properties/l/default").toString());
    }

    @Test
    void propertiesByTheirNamesHaveThemToo() {
        assertEquals(
                "{\"a\":{\"title\":\"A\",\"name\":\"a\"}}",
                MetadefView.properties(List.of(row("a", "{\"title\":\"A\"}"))).toString());
    }

    @Test
    void anAddressHasNoSpaces() {
        NamespaceRow namespace = namespace("OS::Compute X");
        assertEquals(
                "/v2/metadefs/namespaces/OS::Compute%20X",
                MetadefView.address(namespace).toString());
        assertEquals(
                "/v2/metadefs/namespaces/OS::Compute%20X/tags/a%2Fb",
                MetadefView.address(namespace, "tags", "a/b").toString());
    }

    private static NamespaceRow namespace(String name) {
        NamespaceRow row = new NamespaceRow();
        row.namespace = name;
        return row;
    }

    private static DefinitionRow row(String name, String body) {
        DefinitionRow row = new DefinitionRow();
        row.name = name;
        row.body = body;
        row.createdAt = ImageStore.now();
        row.updatedAt = row.createdAt;
        return row;
    }
}
