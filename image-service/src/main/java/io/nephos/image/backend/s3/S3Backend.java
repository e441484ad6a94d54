package io.nephos.image.backend.s3;

import io.nephos.image.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Objects of one bucket, one for each key. What arrives is there for readers when all of it is. */
final class S3Backend implements Backend {
    private final S3Bucket bucket;
    private final String description;
    private final String endpoint;
    private final Path spool;
    private final int partSize;

    S3Backend(S3Bucket bucket, String description, String endpoint, Path spool, int partSize) {
        this.bucket = bucket;
        this.description = description;
        this.endpoint = endpoint;
        this.spool = spool;
        this.partSize = partSize;
        try {
            Files.createDirectories(
                    spool, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException("The directory " + spool + " cannot be used", e);
        }
    }

    @Override
    public String id() {
        return bucket.store();
    }

    @Override
    public String type() {
        return "s3";
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of(
                "s3_store_host",
                endpoint,
                "s3_store_bucket",
                bucket.name(),
                "s3_store_large_object_chunk_size",
                partSize >> 20);
    }

    @Override
    public String url(String key) {
        return "s3+" + endpoint + "/" + bucket.name() + "/" + bucket.object(key);
    }

    @Override
    public Sink write(String key) throws IOException {
        return new S3Sink(bucket, key, spool, partSize);
    }

    @Override
    public ReadableByteChannel read(String key, long offset) throws IOException {
        return new S3Channel(bucket, key, offset);
    }

    @Override
    public void delete(String key) {
        bucket.delete(key);
    }

    @Override
    public List<String> keysBefore(Instant time) throws IOException {
        return bucket.keysBefore(time);
    }
}
