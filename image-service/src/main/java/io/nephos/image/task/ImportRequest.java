package io.nephos.image.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.info.ImportMethod;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.List;
import java.util.Optional;

/**
 * An import as a client asked for it: how the bytes come, and to which stores.
 *
 * @param uri where they come from; the empty text but for a web download
 * @param stores the usual one when empty
 * @param mustSucceed one store that fails fails all
 */
record ImportRequest(ImportMethod method, String uri, List<String> stores, boolean allStores, boolean mustSucceed) {
    /** 400 for what cannot be. */
    static ImportRequest of(JsonNode body) {
        Fields wanted = Fields.ofBody(body);
        Fields method = Fields.of(body, "method");
        String name = method.text("name", 1, 255);
        ImportMethod by = ImportMethod.of(name)
                .orElseThrow(() -> Fault.badRequest(
                        "Unknown import method name '" + name + "'; there are " + ImportMethod.names() + "."));
        List<String> stores = wanted.texts("stores", 1, 255);
        boolean all = wanted.optionalFlag("all_stores").orElse(false);
        if (all && !stores.isEmpty()) {
            throw Fault.badRequest(
                    "All_stores parameter can't be used with x-image-meta-store header or stores parameter.");
        }
        return new ImportRequest(
                by,
                by == ImportMethod.WEB_DOWNLOAD ? method.text("uri", 1, 2048) : "",
                stores.stream().distinct().toList(),
                all,
                wanted.optionalFlag("all_stores_must_succeed").orElse(true));
    }

    /** Of a task of the older API: from the web into the usual store. */
    static ImportRequest ofLegacy(JsonNode input) {
        return new ImportRequest(
                ImportMethod.WEB_DOWNLOAD, input.path("import_from").asText(), List.of(), false, true);
    }

    /** 409 for a store that is not there, or not for writing. */
    List<Backend> targets(Backends backends) {
        if (allStores) {
            return backends.writable();
        }
        if (stores.isEmpty()) {
            return List.of(backends.usual());
        }
        return stores.stream()
                .map(store -> backends.named(store)
                        .filter(backend -> !backend.readOnly())
                        .orElseThrow(() -> Fault.conflict("Unknown store '" + store + "'.")))
                .toList();
    }

    /** The stores that a copy still has to come to. 400 when a store that was named has it. */
    List<Backend> missing(Image image, Backends backends) {
        Optional<Content> content = image.content();
        for (String store : stores) {
            if (content.map(bytes -> bytes.lies(store)).orElse(false)) {
                throw Fault.badRequest("Image is already present at store '" + store + "'");
            }
        }
        return targets(backends).stream()
                .filter(backend ->
                        !content.map(bytes -> bytes.lies(backend.id())).orElse(false))
                .toList();
    }
}
