package io.nephos.identity.assignment;

/** Who has a role: a "user" or a "group". */
public record Actor(String type, String id) {
    public static Actor user(String id) {
        return new Actor("user", id);
    }

    public static Actor group(String id) {
        return new Actor("group", id);
    }

    public boolean isGroup() {
        return type.equals("group");
    }
}
