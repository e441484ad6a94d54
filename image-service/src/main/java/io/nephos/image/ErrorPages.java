package io.nephos.image;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.Optional;

/**
 * Errors as pages for Glance's own client (python-glanceclient, which Nova, Cinder and Horizon use too): Glance sends it no
 * JSON, for it does not ask for any, and it breaks at JSON.
 */
@Provider
public class ErrorPages implements ContainerResponseFilter {
    private static final String CLIENT = "python-glanceclient";

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() >= 400
                && wantsPage(request)
                && response.getEntity() instanceof Map<?, ?> fault
                && fault.get("message") instanceof String message
                && fault.get("code") instanceof String code) {
            response.setEntity(page(code, message), null, MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"));
        }
    }

    private static boolean wantsPage(ContainerRequestContext request) {
        String accepted = header(request, HttpHeaders.ACCEPT);
        return !accepted.contains("json")
                && (accepted.contains("html")
                        || header(request, HttpHeaders.USER_AGENT).contains(CLIENT));
    }

    private static String header(ContainerRequestContext request, String name) {
        return Optional.ofNullable(request.getHeaderString(name)).orElse("");
    }

    static String page(String code, String message) {
        return "<html>\n<head>\n<title>" + code + "</title>\n</head>\n<body>\n<h1>" + code + "</h1>\n"
                + escaped(message) + "\n</body>\n</html>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
