package io.nephos.agent.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** HAProxy speaks with guests and so gives up root for its own user, where the system has one. */
final class HaProxyUser {
    private static final String NAME = "haproxy";

    private HaProxyUser() {}

    static boolean exists() {
        try {
            return Files.readAllLines(Path.of("/etc/passwd")).stream().anyMatch(line -> line.startsWith(NAME + ":"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whoever can write to the socket can claim any guest's address: nobody but us and HAProxy may. */
    static void grant(Path socket) throws IOException {
        PosixFileAttributeView view = Optional.ofNullable(
                        Files.getFileAttributeView(socket, PosixFileAttributeView.class))
                .orElseThrow(() -> new IOException("no permissions on " + socket));
        if (exists()) {
            view.setGroup(socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(NAME));
            view.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
        } else {
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
    }
}
