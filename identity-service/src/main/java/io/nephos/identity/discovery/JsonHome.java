package io.nephos.identity.discovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The JSON Home document: of Keystone's relations ({@code json-home.json}) those whose path a resource of this service
 * answers. Paths are relative to /v3.
 */
@ApplicationScoped
public class JsonHome {
    private static final String ROOT = "/v3";

    private final BeanManager beans;
    private volatile Optional<ObjectNode> known = Optional.empty();

    @Inject
    public JsonHome(BeanManager beans) {
        this.beans = beans;
    }

    /** {@code {"resources": {relation: {"href" or "href-template" and "href-vars", "hints"}}}} */
    ObjectNode document(String prefix) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode resources = body.putObject("resources");
        registered().properties().forEach(relation -> {
            ObjectNode resource = (ObjectNode) relation.getValue().deepCopy();
            for (String link : List.of("href", "href-template")) {
                if (resource.has(link)) {
                    resource.put(link, prefix + resource.get(link).asText());
                }
            }
            resources.set(relation.getKey(), resource);
        });
        return body;
    }

    private ObjectNode registered() {
        if (known.isEmpty()) {
            known = Optional.of(among(relations(), routes()));
        }
        return known.get();
    }

    private List<String> routes() {
        List<String> all = new ArrayList<>();
        beans.getBeans(Object.class, Any.Literal.INSTANCE)
                .forEach(bean -> Optional.ofNullable(bean.getBeanClass().getAnnotation(Path.class))
                        .ifPresent(path -> {
                            all.add(path.value());
                            for (Method method : bean.getBeanClass().getMethods()) {
                                Optional.ofNullable(method.getAnnotation(Path.class))
                                        .ifPresent(inner -> all.add(path.value() + "/" + inner.value()));
                            }
                        }));
        return all;
    }

    static ObjectNode among(ObjectNode relations, Collection<String> routes) {
        List<String[]> split = routes.stream().map(JsonHome::segments).toList();
        ObjectNode found = relations.objectNode();
        relations.properties().forEach(relation -> {
            String path = relation.getValue()
                    .path("href")
                    .asText(relation.getValue().path("href-template").asText());
            String[] wanted = segments(ROOT + path);
            if (split.stream().anyMatch(route -> matches(route, wanted))) {
                found.set(relation.getKey(), relation.getValue());
            }
        });
        return found;
    }

    private static String[] segments(String path) {
        return Arrays.stream(path.split("/"))
                .filter(segment -> !segment.isEmpty())
                .toArray(String[]::new);
    }

    /** A parameter of the route stands for a parameter, or for a word that its own pattern allows. */
    private static boolean matches(String[] route, String[] wanted) {
        if (route.length != wanted.length) {
            return false;
        }
        for (int i = 0; i < route.length; i++) {
            boolean parameter = wanted[i].startsWith("{");
            int colon = route[i].indexOf(':');
            boolean fits = route[i].startsWith("{")
                    ? colon < 0
                            ? parameter
                            : !parameter
                                    && wanted[i].matches(route[i].substring(colon + 1, route[i].length() - 1)
                                            .strip())
                    : route[i].equals(wanted[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    static ObjectNode relations() {
        try (InputStream file =
                Objects.requireNonNull(JsonHome.class.getResourceAsStream("/json-home.json"), "json-home.json")) {
            return (ObjectNode) new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
