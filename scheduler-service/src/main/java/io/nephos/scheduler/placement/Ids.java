package io.nephos.scheduler.placement;

/** UUIDs as the books have them, however a client wrote them. */
public final class Ids {
    private Ids() {}

    /** With hyphens and in small letters; what is no UUID stays as it is, and names nothing. */
    public static String canonical(String uuid) {
        String small = uuid.toLowerCase(java.util.Locale.ROOT);
        if (small.length() == 32) {
            return small.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
        }
        return small.length() == 36 ? small : uuid;
    }
}
