package io.nephos.image.backend.s3;

import io.nephos.image.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedMultipartUpload;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The few words of S3 that a store needs, in one bucket. What the server refuses or does not answer is one of the
 * exceptions of {@link Backend}, or NoSuchFileException.
 *
 * @param store the store's id
 * @param name the bucket's
 */
record S3Bucket(String store, S3Client client, String name, String prefix) {
    private static final Set<String> NO_ROOM =
            Set.of("QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage");
    private static final Pattern KEY = Pattern.compile("[0-9a-f-]{36}");
    private static final int NO_ROOM_STATUS = 507;
    private static final int NOT_FOUND = 404;
    private static final int NO_SUCH_RANGE = 416;

    /** The object's name under that key. */
    String object(String key) {
        return prefix + key;
    }

    void put(String key, SpooledPart part) throws IOException {
        String md5 = part.md5();
        asked(() -> client.putObject(
                request -> request.bucket(name)
                        .key(object(key))
                        .contentLength(part.length())
                        .contentMD5(md5)
                        .contentType("application/octet-stream"),
                body(part)));
    }

    /** Begins an object of several parts; its name for the server. */
    String begin(String key) throws IOException {
        return asked(() -> client.createMultipartUpload(
                        request -> request.bucket(name).key(object(key)).contentType("application/octet-stream"))
                .uploadId());
    }

    CompletedPart send(String key, String upload, int number, SpooledPart part) throws IOException {
        String md5 = part.md5();
        String tag = asked(() -> client.uploadPart(
                        request -> request.bucket(name)
                                .key(object(key))
                                .uploadId(upload)
                                .partNumber(number)
                                .contentLength(part.length())
                                .contentMD5(md5),
                        body(part))
                .eTag());
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    void complete(String key, String upload, List<CompletedPart> parts) throws IOException {
        asked(() -> client.completeMultipartUpload(request -> request.bucket(name)
                .key(object(key))
                .uploadId(upload)
                .multipartUpload(CompletedMultipartUpload.builder().parts(parts).build())));
    }

    void abort(String key, String upload) throws IOException {
        asked(() -> client.abortMultipartUpload(
                request -> request.bucket(name).key(object(key)).uploadId(upload)));
    }

    long size(String key) throws IOException {
        return asked(() -> client.headObject(request -> request.bucket(name).key(object(key)))
                .contentLength());
    }

    /** From that byte on; see {@link #isBeyondTheEnd}. */
    ResponseInputStream<GetObjectResponse> read(String key, long offset) throws IOException {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(name).key(object(key));
        if (offset > 0) {
            request.range("bytes=" + offset + "-");
        }
        return asked(() -> client.getObject(request.build()));
    }

    /** True when a failure to read says that the bytes end before the offset. */
    static boolean isBeyondTheEnd(IOException e) {
        return e.getCause() instanceof S3Exception s3 && s3.statusCode() == NO_SUCH_RANGE;
    }

    /** The object, and what was begun under its key. */
    void delete(String key) {
        try {
            asked(() -> client.deleteObject(request -> request.bucket(name).key(object(key))));
            for (MultipartUpload upload : uploads(object(key))) {
                if (upload.key().equals(object(key))) {
                    abort(key, upload.uploadId());
                }
            }
        } catch (NoSuchFileException gone) {
            // That is what is wanted.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> keysBefore(Instant time) throws IOException {
        List<String> keys = new ArrayList<>();
        asked(() -> {
            ListObjectsV2Request all =
                    ListObjectsV2Request.builder().bucket(name).prefix(prefix).build();
            for (S3Object object : client.listObjectsV2Paginator(all).contents()) {
                if (object.lastModified().isBefore(time)) {
                    ours(object.key()).ifPresent(keys::add);
                }
            }
            return keys;
        });
        for (MultipartUpload upload : uploads(prefix)) {
            if (upload.initiated() == null || upload.initiated().isBefore(time)) {
                ours(upload.key()).ifPresent(keys::add);
            }
        }
        return keys;
    }

    // What does not look like a key of ours is none, whatever lies beside our objects.
    private Optional<String> ours(String object) {
        return Optional.of(object.substring(prefix.length()))
                .filter(key -> KEY.matcher(key).matches());
    }

    private List<MultipartUpload> uploads(String beginning) throws IOException {
        return asked(() ->
                client
                        .listMultipartUploadsPaginator(
                                request -> request.bucket(name).prefix(beginning))
                        .uploads()
                        .stream()
                        .toList());
    }

    private static RequestBody body(SpooledPart part) {
        return RequestBody.fromContentProvider(part::open, part.length(), "application/octet-stream");
    }

    private <T> T asked(Supplier<T> question) throws IOException {
        try {
            return question.get();
        } catch (S3Exception e) {
            String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
            if (e.statusCode() == NO_ROOM_STATUS || NO_ROOM.contains(code)) {
                throw new Backend.StorageFullException(store, e);
            }
            if (e.statusCode() == NOT_FOUND && !"NoSuchBucket".equals(code)) {
                throw new NoSuchFileException(e.getMessage());
            }
            throw new Backend.UnreachableException(store, e);
        } catch (SdkException e) {
            throw new Backend.UnreachableException(store, e);
        }
    }
}
