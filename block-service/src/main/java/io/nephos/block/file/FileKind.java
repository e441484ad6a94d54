package io.nephos.block.file;

import io.nephos.block.backend.Backend;
import io.nephos.block.backend.BackendKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.Config;

/** The backend of files, of which a service has one: the daemon that exports them is one too. */
@ApplicationScoped
public class FileKind implements BackendKind {
    private final FileBackend backend;

    @Inject
    FileKind(FileBackend backend) {
        this.backend = backend;
    }

    @Override
    public String type() {
        return FileBackend.NAME;
    }

    @Override
    public Backend make(String name, Config config) {
        if (!name.equals(FileBackend.NAME)) {
            throw new IllegalArgumentException("The backend of files is called file, not " + name + ".");
        }
        return backend;
    }
}
