package io.nephos.image;

import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/**
 * Image data may be of any size; every other request body is held to one mebibyte, whatever length it claims. A client
 * that was answered before it had sent all its data may go on a while, or it would never come to read the answer.
 */
@ApplicationScoped
public class BodyLimits {
    static final long JSON_BYTES = 1L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    void install(@Observes Router router) {
        router.route().order(-100).handler(context -> {
            if (carriesData(context)) {
                context.addEndHandler(answered -> letFinish(context));
            } else {
                context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, JSON_BYTES);
            }
            context.next();
        });
    }

    private static boolean carriesData(RoutingContext context) {
        String path = context.normalizedPath();
        return context.request().method().name().equals("PUT")
                && path.startsWith("/v2/images/")
                && (path.endsWith("/file") || path.endsWith("/stage"));
    }

    private static void letFinish(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.isEnded()) {
            return;
        }
        long impatience = context.vertx()
                .setTimer(PATIENCE.toMillis(), timer -> request.connection().close());
        request.handler(ignored -> {});
        request.endHandler(ended -> context.vertx().cancelTimer(impatience));
        request.resume();
    }
}
