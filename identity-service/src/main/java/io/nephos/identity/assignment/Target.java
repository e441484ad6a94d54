package io.nephos.identity.assignment;

/** On what a role is had: a "project", a "domain", or the "system", whose id is "all". */
public record Target(String type, String id) {
    public static final Target SYSTEM = new Target("system", "all");

    public static Target project(String id) {
        return new Target("project", id);
    }

    public static Target domain(String id) {
        return new Target("domain", id);
    }
}
