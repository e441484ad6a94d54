package io.nephos.identity.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.token.Public;
import io.quarkus.arc.Arc;
import jakarta.enterprise.inject.Any;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is served, as the code has it. */
public final class Routes {
    private Routes() {}

    /**
     * An operation, names of its path in braces.
     *
     * @param open it wants no token
     */
    public record Route(String method, String path, boolean open, boolean readsBody) {}

    /** All that is served; one for users and one for groups where a path is for both. */
    public static List<Route> all() {
        List<Route> all = new ArrayList<>();
        Arc.container().beanManager().getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .map(bean -> bean.getBeanClass())
                .filter(type -> type.getName().startsWith("io.nephos.identity") && type.isAnnotationPresent(Path.class))
                .distinct()
                .forEach(type -> {
                    for (Method method : type.getDeclaredMethods()) {
                        verb(method).ifPresent(verb -> add(all, type, method, verb));
                    }
                });
        return all;
    }

    private static void add(List<Route> all, Class<?> type, Method method, String verb) {
        boolean open = type.isAnnotationPresent(Public.class) || method.isAnnotationPresent(Public.class);
        boolean reads = List.of(method.getParameterTypes()).contains(JsonNode.class);
        String path = (path(type) + path(method)).replace("//", "/");
        Stream.of("users", "groups")
                .map(kind -> path.replaceAll("\\{kind:[^}]*}", kind))
                .distinct()
                .forEach(one -> all.add(new Route(verb, one, open, reads)));
    }

    private static String path(AnnotatedElement element) {
        return element.isAnnotationPresent(Path.class)
                ? element.getAnnotation(Path.class).value()
                : "";
    }

    private static Optional<String> verb(Method method) {
        return Stream.of(method.getAnnotations())
                .map(Annotation::annotationType)
                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                .map(type -> type.getAnnotation(HttpMethod.class).value())
                .findFirst();
    }
}
