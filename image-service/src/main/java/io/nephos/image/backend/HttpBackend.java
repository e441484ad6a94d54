package io.nephos.image.backend;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.util.List;

/** Bytes that lie on web servers of others; the key is the address, which {@link WebSource} let pass. */
final class HttpBackend implements Backend {
    private final WebSource web;

    HttpBackend(WebSource web) {
        this.web = web;
    }

    @Override
    public String id() {
        return "http";
    }

    @Override
    public String type() {
        return "http";
    }

    @Override
    public String description() {
        return "Web servers";
    }

    @Override
    public boolean readOnly() {
        return true;
    }

    @Override
    public String url(String key) {
        return key;
    }

    @Override
    public Sink write(String key) {
        throw new UnsupportedOperationException("Nothing is written to web servers.");
    }

    @Override
    public ReadableByteChannel read(String key, long offset) throws IOException {
        return Channels.newChannel(web.from(URI.create(key), offset));
    }

    @Override
    public void delete(String key) {
        // Not ours.
    }

    @Override
    public List<String> keysBefore(Instant time) {
        return List.of();
    }
}
