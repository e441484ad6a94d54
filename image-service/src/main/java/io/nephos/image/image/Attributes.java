package io.nephos.image.image;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What clients write on an image.
 *
 * @param owner project id; the empty text when it has none
 * @param minDisk GiB
 * @param minRam MiB
 * @param properties whatever else the client said, in its order
 */
public record Attributes(
        Optional<String> name,
        Visibility visibility,
        String owner,
        Optional<String> diskFormat,
        Optional<String> containerFormat,
        int minDisk,
        int minRam,
        boolean isProtected,
        boolean hidden,
        List<String> tags,
        Map<String, String> properties) {

    public Attributes inFormat(String format) {
        return new Attributes(
                name,
                visibility,
                owner,
                Optional.of(format),
                containerFormat,
                minDisk,
                minRam,
                isProtected,
                hidden,
                tags,
                properties);
    }

    public Attributes with(Map<String, String> others) {
        return new Attributes(
                name,
                visibility,
                owner,
                diskFormat,
                containerFormat,
                minDisk,
                minRam,
                isProtected,
                hidden,
                tags,
                Map.copyOf(others));
    }
}
