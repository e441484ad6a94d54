package io.nephos.block.pool;

/** The names of a backend on the wire. Pure. "host@backend#pool", of which the service is "host@backend". */
public record Pool(String name) {
    private static final String FILE = "file";

    /** That of another backend of the same host; the configured name is that of the files. */
    public Pool of(String backend) {
        return backend.equals(FILE)
                ? this
                : new Pool(name.substring(0, name.indexOf('@')) + "@" + backend + "#" + backend);
    }

    String service() {
        return name.substring(0, name.indexOf('#'));
    }

    /** By "host" or by "host@backend". */
    boolean isOn(String host) {
        return service().equals(host) || service().startsWith(host + "@");
    }

    String backend() {
        return name.substring(name.indexOf('@') + 1, name.indexOf('#'));
    }
}
