package io.nephos.identity.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a request means to do, in Keystone's words.
 *
 * @param action "authenticate", "created.user"
 * @param noun "user", "role_assignment"
 * @param targetId as the path has it; empty for what is made by the request
 */
record Deed(String action, String noun, Optional<String> targetId) {
    /** Empty for what changes nothing. */
    static Optional<Deed> of(String method, String path) {
        List<String> words = new ArrayList<>(List.of(path.split("/")));
        words.removeIf(String::isEmpty);
        if (words.size() < 2
                || !words.getFirst().equals("v3")
                || !List.of("POST", "PUT", "PATCH", "DELETE").contains(method)) {
            return Optional.empty();
        }
        if (method.equals("POST") && (path.equals("/v3/auth/tokens") || path.endsWith("tokens"))) {
            return Optional.of(new Deed("authenticate", "user", Optional.empty()));
        }
        String last = words.getLast();
        if (last.equals("password") && words.size() == 4) {
            return Optional.of(new Deed("updated.user", "user", Optional.of(words.get(2))));
        }
        if (words.contains("roles") && (words.contains("users") || words.contains("groups"))) {
            return Optional.of(new Deed(verb(method, true) + ".role_assignment", "role_assignment", Optional.of(last)));
        }
        boolean member = words.size() % 2
                == (words.get(1).startsWith("OS-") || words.get(1).equals("auth") ? 0 : 1);
        String noun = singular(member ? words.get(words.size() - 2) : last);
        return Optional.of(new Deed(
                verb(method, !member || method.equals("PUT")) + "." + noun,
                noun,
                member ? Optional.of(last) : Optional.empty()));
    }

    private static String verb(String method, boolean fresh) {
        return switch (method) {
            case "DELETE" -> "deleted";
            case "PATCH" -> "updated";
            default -> fresh ? "created" : "updated";
        };
    }

    private static String singular(String noun) {
        if (noun.endsWith("ies")) {
            return noun.substring(0, noun.length() - 3) + "y";
        }
        return noun.endsWith("s") ? noun.substring(0, noun.length() - 1) : noun;
    }

    /** By CADF's taxonomy of resources. */
    String typeUri() {
        return switch (noun) {
            case "user" -> "data/security/account/user";
            case "group",
                    "project",
                    "domain",
                    "role",
                    "trust",
                    "credential",
                    "policy",
                    "region",
                    "service",
                    "endpoint" -> "data/security/" + noun;
            default -> "data/security/" + noun.replace('_', '-');
        };
    }
}
