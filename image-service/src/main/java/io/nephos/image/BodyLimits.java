package io.nephos.image;

import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Image data may be of any size; every other request body is held to one mebibyte, whatever length it claims. */
@ApplicationScoped
public class BodyLimits {
    static final long JSON_BYTES = 1L << 20;

    void install(@Observes Router router) {
        router.route().order(-100).handler(context -> {
            String path = context.normalizedPath();
            boolean data = context.request().method().name().equals("PUT")
                    && path.startsWith("/v2/images/")
                    && (path.endsWith("/file") || path.endsWith("/stage"));
            if (!data) {
                context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, JSON_BYTES);
            }
            context.next();
        });
    }
}
