package io.nephos.identity.federation;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** As much of a web browser as a sign-in needs: redirects and cookies. */
final class Browser {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Map<String, String>> cookies = new HashMap<>();

    record Page(int status, URI at, String html) {}

    Page open(String url) {
        return follow(HttpRequest.newBuilder(URI.create(url)), URI.create(url));
    }

    Page submit(String action, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return follow(
                HttpRequest.newBuilder(URI.create(action))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                URI.create(action));
    }

    private Page follow(HttpRequest.Builder request, URI first) {
        URI at = first;
        HttpResponse<String> response = send(request, at);
        for (int hops = 0; response.statusCode() / 100 == 3 && hops < 20; hops++) {
            at = at.resolve(response.headers().firstValue("Location").orElseThrow());
            response = send(HttpRequest.newBuilder(at), at);
        }
        return new Page(response.statusCode(), at, response.body());
    }

    private HttpResponse<String> send(HttpRequest.Builder request, URI at) {
        Map<String, String> known = cookies.computeIfAbsent(at.getAuthority(), host -> new HashMap<>());
        if (!known.isEmpty()) {
            request.header(
                    "Cookie",
                    known.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            for (String set : response.headers().allValues("Set-Cookie")) {
                String[] pair = set.split(";", 2)[0].split("=", 2);
                known.put(pair[0], pair[1]);
            }
            return response;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
