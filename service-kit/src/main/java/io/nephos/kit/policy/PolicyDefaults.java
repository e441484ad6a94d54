package io.nephos.kit.policy;

import java.util.Map;

/** A service's built-in rules, by OpenStack's rule name; each service has one such bean. */
public interface PolicyDefaults {
    Map<String, String> rules();
}
