package io.nephos.testkit;

import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** What no HTTP client would send to the service under test. */
public final class RawHttp {
    private static final int PATIENCE_MS = 10_000;

    private RawHttp() {}

    /**
     * Status line, headers and body of the answer.
     *
     * @param lines the request line and headers; the connection is to be closed after it
     */
    public static String answer(String... lines) {
        return answerTo(String.join("\r\n", lines) + "\r\nHost: test\r\nConnection: close\r\n\r\n");
    }

    /** All that comes until the service closes the connection, be it because it has not read everything. */
    public static String answerTo(String request) {
        try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return all(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String all(InputStream stream) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            stream.transferTo(answer);
        } catch (SocketTimeoutException silent) {
            throw new IOException("The connection was left open after: " + answer, silent);
        } catch (SocketException reset) {
            // what was read before counts
        }
        return answer.toString(StandardCharsets.UTF_8);
    }
}
