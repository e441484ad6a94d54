package io.nephos.scheduler.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.List;

/** Who takes HTML and no JSON, a browser say, gets an error as a page, as from Placement. */
@Provider
public class ErrorPage implements ContainerResponseFilter {
    private final ObjectMapper mapper;

    @Inject
    public ErrorPage(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() < 400 || !response.hasEntity() || !wantsPage(request)) {
            return;
        }
        JsonNode error = mapper.valueToTree(response.getEntity()).at("/errors/0");
        String title = escaped(
                error.path("status").asText() + " " + error.path("title").asText());
        response.setEntity(
                "<!DOCTYPE html><html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>"
                        + escaped(error.path("detail").asText()) + "</p></body></html>\n",
                null,
                MediaType.TEXT_HTML_TYPE);
    }

    private static boolean wantsPage(ContainerRequestContext request) {
        String accept = request.getHeaderString(HttpHeaders.ACCEPT);
        if (accept == null || !accept.contains("html")) {
            return false;
        }
        List<MediaType> taken = request.getAcceptableMediaTypes();
        return taken.stream().anyMatch(MediaType.TEXT_HTML_TYPE::isCompatible)
                && taken.stream().noneMatch(MediaType.APPLICATION_JSON_TYPE::isCompatible);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
