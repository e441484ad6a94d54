package io.nephos.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every operation of the real service's API document has a method here, or is on the list below with its reason. The document
 * lies beside this repository ({@code ../shared/oracle}, or {@code -Dnephos.oracle}), not in it; without it there is nothing to compare.
 */
class OperationsTest {
    /** Later than the 2.16 that is claimed, though the document has them. */
    private static final Set<String> NOT_SERVED = Set.of(
            // 2.18
            "POST /v2/cache/clean",
            "POST /v2/cache/prune",
            // Of a cache that several services share; it has no version yet.
            "GET /v2/cache/nodes/{}");

    private static final java.nio.file.Path ORACLE =
            java.nio.file.Path.of(System.getProperty("nephos.oracle", "../../shared/oracle"));
    private static final Pattern PATH = Pattern.compile("^  (/v2/\\S+):$");
    private static final Pattern VERB = Pattern.compile("^    (get|put|post|patch|delete|head):$");

    @Test
    void everyOperationIsServedOrLeftOutForAReason() throws IOException, ClassNotFoundException {
        assumeTrue(Files.isDirectory(ORACLE), "without " + ORACLE + " there is no document to compare with");
        Set<String> missing = documented();
        Set<String> served = served();
        missing.removeIf(operation -> served.contains(operation)
                // One method answers for all of these; ServedSchemaTest knows them by name.
                || served.contains(operation.replaceFirst("(/v2/schemas/metadefs/)[a-z_]+$", "$1{}")));
        assertEquals(new TreeSet<>(NOT_SERVED), missing);
    }

    private static Set<String> documented() throws IOException {
        Set<String> operations = new TreeSet<>();
        String path = "";
        for (String line : Files.readAllLines(ORACLE.resolve("openapi/image-v2.16.yaml"))) {
            Matcher begins = PATH.matcher(line);
            Matcher verb = VERB.matcher(line);
            if (begins.matches()) {
                path = begins.group(1).replaceAll("\\{[^}]*}", "{}");
            } else if (verb.matches()) {
                operations.add(verb.group(1).toUpperCase(java.util.Locale.ROOT) + " " + path);
            } else if (line.startsWith("components:")) {
                break;
            }
        }
        return operations;
    }

    private static Set<String> served() throws IOException, ClassNotFoundException {
        Set<String> operations = new TreeSet<>();
        java.nio.file.Path classes = java.nio.file.Path.of("target/classes");
        try (Stream<java.nio.file.Path> files = Files.walk(classes)) {
            for (java.nio.file.Path file : files.filter(each -> each.toString().endsWith("Resource.class"))
                    .toList()) {
                String name =
                        classes.relativize(file).toString().replace('/', '.').replace(".class", "");
                addOperations(Class.forName(name, false, OperationsTest.class.getClassLoader()), operations);
            }
        }
        return operations;
    }

    private static void addOperations(Class<?> resource, Set<String> operations) {
        String root = path(resource.getAnnotation(Path.class));
        for (Method method : resource.getDeclaredMethods()) {
            for (Annotation annotation : method.getAnnotations()) {
                HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                if (verb != null) {
                    operations.add(verb.value() + " " + root + path(method.getAnnotation(Path.class)));
                }
            }
        }
    }

    private static String path(@org.jspecify.annotations.Nullable Path path) {
        if (path == null || path.value().equals("/")) {
            return "";
        }
        String text = path.value().replaceAll("\\{[^}]*}", "{}");
        return text.startsWith("/") ? text : "/" + text;
    }
}
