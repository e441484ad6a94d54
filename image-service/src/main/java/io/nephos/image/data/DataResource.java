package io.nephos.image.data;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
import io.nephos.image.cache.CacheQueue;
import io.nephos.image.cache.ImageCache;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.image.quota.Limit;
import io.nephos.image.quota.Limits;
import io.nephos.image.quota.Room;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.PathPart;
import org.jspecify.annotations.Nullable;

/** The bytes of an image (Image API v2, "Image data"). */
@Path("/v2/images/{id}/file")
@RunOnVirtualThread
public class DataResource {
    private static final Logger LOG = Logger.getLogger(DataResource.class);
    private static final int CHUNK = 256 * 1024;
    private final ImageStore images;
    private final Backends backends;
    private final Copies copies;
    private final ImageCache cache;
    private final CacheQueue queue;
    private final Limits limits;
    private final Upload upload;
    private final CurrentVertxRequest http;
    private final RequestContext request;

    @Inject
    public DataResource(
            ImageStore images,
            Backends backends,
            Copies copies,
            ImageCache cache,
            CacheQueue queue,
            Limits limits,
            Upload upload,
            CurrentVertxRequest http,
            RequestContext request) {
        this.images = images;
        this.backends = backends;
        this.copies = copies;
        this.cache = cache;
        this.queue = queue;
        this.limits = limits;
        this.upload = upload;
        this.http = http;
        this.request = request;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Produces(MediaType.APPLICATION_JSON)
    public void store(
            @PathParam("id") String id,
            @HeaderParam("x-openstack-image-size") @Nullable String size,
            @HeaderParam("X-Image-Meta-Store") @Nullable String store) {
        Image image = images.permitted("upload_image", request.caller(), id);
        OptionalLong announced = announced(size);
        Room room = limits.room(image.attributes().owner(), announced, Limit.SIZE_TOTAL, Limit.COUNT_UPLOADING);
        Backend backend = store == null ? backends.usual() : writable(store);
        try (RequestBody body = new RequestBody(http.getCurrent().request())) {
            upload.receive(id, new Arrival(Arrival.Purpose.DATA, backend, announced).in(room), body);
        }
    }

    /** 204 while there are none; 403 while the image is deactivated, but for administrators. */
    @GET
    public Response load(
            @PathParam("id") String id,
            @HeaderParam("Range") @Nullable String range,
            @HeaderParam("Content-Range") @Nullable String alsoRange) {
        Caller caller = request.caller();
        Image image = images.permitted("download_image", caller, id);
        if (image.status() == Status.DEACTIVATED && !images.isAdmin(caller)) {
            throw Fault.forbidden("The requested image has been deactivated. Image data download is forbidden.");
        }
        Optional<Content> content = image.available();
        if (content.isEmpty()) {
            return Response.noContent().build();
        }
        long size = content.get().size();
        return send(
                id,
                content.get(),
                ByteRange.of(Optional.ofNullable(range), size)
                        .or(() -> ByteRange.asAnswered(Optional.ofNullable(alsoRange), size)));
    }

    private Response send(String id, Content content, Optional<ByteRange> range) {
        ByteRange part = range.orElse(new ByteRange(0, content.size()));
        Response.ResponseBuilder response = Response.status(range.isPresent() ? 206 : 200)
                .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(HttpHeaders.CONTENT_LENGTH, part.length())
                .header("Accept-Ranges", "bytes");
        if (!content.md5().isEmpty()) {
            response.header(HttpHeaders.ETAG, "\"" + content.md5() + "\"");
        }
        if (range.isPresent()) {
            response.header("Content-Range", part.contentRange(content.size()));
        } else if (!content.md5().isEmpty()) {
            response.header("Content-MD5", content.md5());
        }
        return copies.file(content)
                .map(file -> response.entity(new PathPart(file, part.offset(), part.length())))
                .orElseGet(() -> {
                    if (cache.exists()) {
                        queue.add(id);
                    }
                    return response.entity(passOn(content, part));
                })
                .build();
    }

    /** From a store elsewhere, one chunk at a time. */
    private StreamingOutput passOn(Content content, ByteRange part) {
        ReadableByteChannel bytes;
        try {
            bytes = copies.read(content, part.offset());
        } catch (IOException e) {
            LOG.errorf(e, "The bytes of an image cannot be read");
            throw Fault.unavailable("The store of the image cannot be reached.");
        }
        return out -> {
            byte[] chunk = new byte[CHUNK];
            long left = part.length();
            try (InputStream in = Channels.newInputStream(bytes)) {
                while (left > 0) {
                    int length = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                    if (length < 0) {
                        throw new IOException("The store ended " + left + " bytes too early.");
                    }
                    out.write(chunk, 0, length);
                    left -= length;
                }
            }
        };
    }

    private Backend writable(String store) {
        return backends.writable().stream()
                .filter(backend -> backend.id().equals(store))
                .findFirst()
                .orElseThrow(() -> Fault.badRequest("Store for image_id not found: " + store));
    }

    /** The size that a client announced, if it did; 400 when it is no number. */
    public static OptionalLong announced(@Nullable String size) {
        try {
            return size == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(size.strip()));
        } catch (NumberFormatException e) {
            throw Fault.badRequest("x-openstack-image-size must be a number of bytes.");
        }
    }
}
