package io.nephos.block.pool;

/** The names of the one backend. Pure. "host@backend#pool", of which the service is "host@backend". */
record Pool(String name) {
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
