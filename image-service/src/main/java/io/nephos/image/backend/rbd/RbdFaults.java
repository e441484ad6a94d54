package io.nephos.image.backend.rbd;

import io.nephos.image.backend.Backend;
import io.nephos.rbd.RbdFault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** What the cluster refuses, in the words of {@link Backend}. */
record RbdFaults(String store) {
    interface Work {
        void run() throws IOException;
    }

    interface Question<T> {
        T ask() throws IOException;
    }

    void translated(Work work) throws IOException {
        answered(() -> {
            work.run();
            return true;
        });
    }

    <T> T answered(Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (RbdFault e) {
            throw switch (e.kind()) {
                case MISSING -> new NoSuchFileException(e.getMessage());
                case IN_USE -> new Backend.InUseException(store, e);
                case FULL -> new Backend.StorageFullException(store, e);
                case EXISTS, UNREACHABLE -> new Backend.UnreachableException(store, e);
            };
        }
    }
}
