package io.nephos.identity.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonHomeTest {
    private static final String BASE = "https://docs.openstack.org/api/openstack-identity/3/";

    @Test
    void onlyWhatARouteAnswersIsShown() {
        List<String> found = new ArrayList<>();
        JsonHome.among(
                        JsonHome.relations(),
                        List.of(
                                "/v3/users",
                                "/v3/users//{id}",
                                "/v3/domains/{target}/{kind:users|groups}/{actor}/roles"))
                .fieldNames()
                .forEachRemaining(name -> found.add(name.substring(BASE.length())));
        assertEquals(
                List.of("rel/domain_group_roles", "rel/domain_user_roles", "rel/user", "rel/users"),
                found.stream().sorted().toList());
    }
}
