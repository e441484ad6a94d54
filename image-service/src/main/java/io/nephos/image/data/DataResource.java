package io.nephos.image.data;

import io.nephos.image.backend.Backends;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
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
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.resteasy.reactive.PathPart;
import org.jspecify.annotations.Nullable;

/** The bytes of an image (Image API v2, "Image data"). */
@Path("/v2/images/{id}/file")
@RunOnVirtualThread
public class DataResource {
    private final ImageStore images;
    private final Backends backends;
    private final Upload upload;
    private final RequestContext request;

    @Inject
    public DataResource(ImageStore images, Backends backends, Upload upload, RequestContext request) {
        this.images = images;
        this.backends = backends;
        this.upload = upload;
        this.request = request;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Produces(MediaType.APPLICATION_JSON)
    public void store(
            @PathParam("id") String id,
            InputStream body,
            @HeaderParam("x-openstack-image-size") @Nullable String size,
            @HeaderParam("X-Image-Meta-Store") @Nullable String store) {
        images.permitted("upload_image", request.caller(), id);
        if (store != null && !backends.has(store)) {
            throw Fault.badRequest("Store for image_id not found: " + store);
        }
        upload.receive(id, Upload.Purpose.DATA, body, announced(size));
    }

    /** 204 while there are none; 403 while the image is deactivated, but for administrators. */
    @GET
    public Response load(@PathParam("id") String id, @HeaderParam("Range") @Nullable String range) {
        Caller caller = request.caller();
        Image image = images.permitted("download_image", caller, id);
        if (image.status() == Status.DEACTIVATED && !images.isAdmin(caller)) {
            throw Fault.forbidden("The requested image has been deactivated. Image data download is forbidden.");
        }
        Optional<Content> content = image.available();
        if (content.isEmpty()) {
            return Response.noContent().build();
        }
        return send(
                content.get(),
                ByteRange.of(Optional.ofNullable(range), content.get().size()));
    }

    private Response send(Content content, Optional<ByteRange> range) {
        Content.Copy copy = content.copies().getFirst();
        java.nio.file.Path file = backends.of(copy.backend()).file(copy.key()).orElseThrow();
        ByteRange part = range.orElse(new ByteRange(0, content.size()));
        Response.ResponseBuilder response = Response.status(range.isPresent() ? 206 : 200)
                .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(HttpHeaders.CONTENT_LENGTH, part.length())
                .header(HttpHeaders.ETAG, "\"" + content.md5() + "\"")
                .header("Accept-Ranges", "bytes");
        if (range.isPresent()) {
            response.header("Content-Range", part.contentRange(content.size()));
        } else {
            response.header("Content-MD5", content.md5());
        }
        return response.entity(new PathPart(file, part.offset(), part.length())).build();
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
