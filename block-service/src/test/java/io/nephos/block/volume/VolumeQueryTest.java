package io.nephos.block.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.fault.FaultException;
import java.util.Map;
import org.jboss.resteasy.reactive.common.util.MultivaluedTreeMap;
import org.junit.jupiter.api.Test;

class VolumeQueryTest {
    @Test
    void withoutParametersTheNewestOfTheProjectComeFirst() {
        VolumeQuery query = query(Map.of());
        VolumeSql sql = VolumeSql.of(query, "p");
        assertEquals(
                "select * from volume where project_id = $1 order by created_at desc, id desc limit 1000 offset 0",
                sql.page(query));
        assertArrayEquals(new Object[] {"p"}, sql.parameters());
    }

    @Test
    void aMarkerIsComparedInTheDirectionOfEachKey() {
        VolumeQuery query = query(Map.of("marker", "m", "sort", "name:asc,created_at:desc", "limit", "2"));
        String page = VolumeSql.of(query, "p").page(query);
        assertTrue(page.contains("(coalesce(name, '') > (select m0 from marker))"), page);
        assertTrue(
                page.contains("coalesce(name, '') = (select m0 from marker) and created_at < (select m1 from marker)"),
                page);
        assertTrue(page.endsWith("limit 2 offset 0"), page);
    }

    @Test
    void metadataIsReadAsJsonAndAsPythonPrintsIt() {
        assertEquals(
                Map.of("Type", "work"),
                query(Map.of("metadata", "{'Type': 'work'}")).metadata());
        assertEquals(
                Map.of("Type", "it's"),
                query(Map.of("metadata", "{\"Type\": \"it's\"}")).metadata());
    }

    @Test
    void onlyAnAdministratorSeesAllProjects() {
        assertFalse(query(Map.of("all_tenants", "1")).allProjects());
        assertTrue(VolumeQuery.of(parameters(Map.of("all_tenants", "1")), true).allProjects());
        assertFalse(query(Map.of("project_id", "other")).filters().containsKey("project_id"));
    }

    @Test
    void aValueIsAlwaysAParameterAndNeverPartOfTheStatement() {
        VolumeQuery query = query(Map.of("name", "'; drop table volume; --", "status", "available"));
        VolumeSql sql = VolumeSql.of(query, "p");
        assertFalse(sql.page(query).contains("drop"));
    }

    @Test
    void whatCannotBeUnderstoodIsRefused() {
        for (Map<String, String> bad : java.util.List.of(
                Map.of("limit", "-1"),
                Map.of("limit", "x"),
                Map.of("sort", "colour"),
                Map.of("sort_key", "id", "sort_dir", "up"),
                Map.of("sort", "id", "sort_key", "id"),
                Map.of("bootable", "maybe"),
                Map.of("metadata", "[1]"))) {
            assertEquals(
                    400,
                    assertThrows(FaultException.class, () -> query(bad), bad.toString())
                            .fault()
                            .usualStatus());
        }
    }

    private static VolumeQuery query(Map<String, String> parameters) {
        return VolumeQuery.of(parameters(parameters), false);
    }

    private static MultivaluedTreeMap<String, String> parameters(Map<String, String> parameters) {
        MultivaluedTreeMap<String, String> all = new MultivaluedTreeMap<>();
        parameters.forEach(all::add);
        return all;
    }
}
