package io.nephos.scheduler.placement;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * What Placement does with HTTP itself, before and after any route: a body must say what it is, nothing answers OPTIONS, a
 * 405 names the methods there are, and JSON is sent without a charset.
 */
@ApplicationScoped
class Wire {
    private static final String NO_CONTENT_TYPE = "{\"errors\":[{\"status\":400,\"title\":\"Bad Request\",\"detail\":"
            + "\"content-type header required when content-length > 0\",\"code\":\"placement.undefined_code\"}]}";
    private static final String NO_METHOD = "{\"errors\":[{\"status\":405,\"title\":\"Method Not Allowed\",\"detail\":"
            + "\"The method OPTIONS is not allowed for this resource.\",\"code\":\"placement.undefined_code\"}]}";

    void install(@Observes Router router) {
        // After CORS, which answers some OPTIONS itself.
        router.route().order(Integer.MIN_VALUE + 1).handler(Wire::handle);
    }

    private static void handle(RoutingContext context) {
        context.addHeadersEndHandler(ignored -> finish(context));
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean untyped =
                length != null && !length.equals("0") && context.request().getHeader(HttpHeaders.CONTENT_TYPE) == null;
        if (untyped) {
            refuse(context, 400, NO_CONTENT_TYPE);
        } else if (context.request().method().name().equals("OPTIONS")) {
            refuse(context, 405, NO_METHOD);
        } else {
            context.next();
        }
    }

    private static void refuse(RoutingContext context, int status, String body) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(body);
    }

    private static void finish(RoutingContext context) {
        var response = context.response();
        String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.startsWith("application/json;")) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        if (response.headers().contains(HttpHeaders.VARY)) {
            response.putHeader(HttpHeaders.VARY, "openstack-api-version");
        }
        if (response.getStatusCode() == 405) {
            Routes.methods(context.normalizedPath())
                    .ifPresent(methods -> response.putHeader("allow", String.join(", ", methods)));
        }
    }
}
