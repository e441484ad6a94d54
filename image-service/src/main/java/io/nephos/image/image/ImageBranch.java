package io.nephos.image.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Images of one visibility that a caller sees for one reason. No image is in two branches of a list, and each is read from an
 * index in the order of the list, so that a page costs the same whatever there is beside it.
 */
record ImageBranch(String visibility, Reason reason) {
    /** Why a list has them. */
    enum Reason {
        EVERYBODY_SEES,
        MINE,
        SHARED_WITH_ME
    }

    /** @param asked for which visibility; empty: what the caller usually sees, "all": community images too */
    static List<ImageBranch> of(Optional<String> asked, boolean admin) {
        List<ImageBranch> branches = new ArrayList<>();
        Stream.of("public", "private", "shared", "community")
                .filter(visibility -> asked.map(wanted -> wanted.equals("all") || wanted.equals(visibility))
                        .orElse(true))
                .forEach(visibility -> {
                    boolean community = visibility.equals("community");
                    boolean all = community ? asked.isPresent() : admin || visibility.equals("public");
                    branches.add(new ImageBranch(visibility, all ? Reason.EVERYBODY_SEES : Reason.MINE));
                    if (!all && visibility.equals("shared")) {
                        branches.add(new ImageBranch(visibility, Reason.SHARED_WITH_ME));
                    }
                });
        return List.copyOf(branches);
    }
}
