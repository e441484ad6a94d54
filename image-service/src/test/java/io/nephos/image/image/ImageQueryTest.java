package io.nephos.image.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.fault.FaultException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jboss.resteasy.reactive.common.util.MultivaluedTreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageQueryTest {
    @Test
    void numbersAndTimesAreCompared() {
        assertEquals(List.of(new ImageQuery.Filter.Number("size", ">", 5)), filters("size", "gt:5"));
        assertEquals(List.of(new ImageQuery.Filter.Number("min_ram", "=", 5)), filters("min_ram", "5"));
        assertEquals(List.of(new ImageQuery.Filter.Number("size", "<=", 5)), filters("size_max", "5"));
        assertEquals(
                List.of(new ImageQuery.Filter.Time("created_at", "<", OffsetDateTime.parse("2026-01-02T03:04:05Z"))),
                filters("created_at", "lt:2026-01-02T03:04:05Z"));
    }

    @Test
    void severalValuesMayBeNamedAndHoldCommas() {
        assertEquals(
                List.of(new ImageQuery.Filter.OneOf("name", List.of("a", "b,c"))), filters("name", "in:a,\"b,c\""));
    }

    @Test
    void whateverElseIsAskedForIsAProperty() {
        assertEquals(List.of(new ImageQuery.Filter.Property("os_distro", "debian")), filters("os_distro", "debian"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "size=gt:x",
                "size=many",
                "created_at=yesterday",
                "limit=-1",
                "sort_dir=up",
                "sort_key=colour",
                "sort=name:up",
                "sort=,",
                "sort=name,",
                "visibility=secret",
                "member_status=maybe",
                "os_hidden=perhaps",
                "name=in:\"a",
                "name=\uFFFD",
                "changes-since=20001007T10:10:10",
                "protected=False"
            })
    void whatCannotBeIsRefused(String parameter) {
        String[] parts = parameter.split("=", 2);
        FaultException refused = assertThrows(FaultException.class, () -> query(parts[0], parts[1]));
        assertEquals(400, refused.fault().usualStatus());
    }

    @Test
    void theOrderIsAlwaysTotal() {
        List<ImageQuery.Sort> sorts = query("sort", "name:asc,size").sorts();
        assertEquals(new ImageQuery.Sort("name", false), sorts.getFirst());
        assertTrue(sorts.stream().anyMatch(sort -> sort.key().equals("id")));
    }

    private static List<ImageQuery.Filter> filters(String name, String value) {
        return query(name, value).filters();
    }

    private static ImageQuery query(String name, String value) {
        MultivaluedTreeMap<String, String> sent = new MultivaluedTreeMap<>();
        sent.add(name, value);
        return ImageQuery.of(sent);
    }
}
