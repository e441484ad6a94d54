package io.nephos.identity.federation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The claims of an OpenID Connect token as the attributes that mappings speak of. A claim "preferred_username" has the
 * names that Apache's mod_auth_openidc and the guides to Keystone give it: OIDC-preferred_username,
 * OIDC_CLAIM_preferred_username and HTTP_OIDC_PREFERRED_USERNAME. What is nested has dots: OIDC-realm_access.roles. Pure.
 */
final class Attributions {
    private Attributions() {}

    static Map<String, List<String>> of(Map<String, Object> claims) {
        Map<String, List<String>> flat = new HashMap<>();
        claims.forEach((name, value) -> flatten(name, value, flat));
        Map<String, List<String>> all = new HashMap<>();
        flat.forEach((name, values) -> {
            all.put("OIDC-" + name, values);
            all.put("OIDC_CLAIM_" + name, values);
            all.put("HTTP_OIDC_" + name.toUpperCase(Locale.ROOT).replace('-', '_'), values);
        });
        return all;
    }

    private static void flatten(String name, Object value, Map<String, List<String>> flat) {
        switch (value) {
            case Map<?, ?> nested ->
                nested.forEach((key, inner) -> {
                    if (inner != null) {
                        flatten(name + "." + key, inner, flat);
                    }
                });
            case List<?> items -> {
                List<String> texts = new ArrayList<>();
                items.forEach(item -> texts.add(String.valueOf(item)));
                flat.put(name, List.copyOf(texts));
            }
            default -> flat.put(name, List.of(String.valueOf(value)));
        }
    }
}
