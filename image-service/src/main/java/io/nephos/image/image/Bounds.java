package io.nephos.image.image;

import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How much of something one image may have: {@code nephos.image.most-properties}, {@code most-tags} and {@code most-members}
 * (128 each), {@code most-locations} (10), and {@code nephos.image.largest} bytes (1 TiB). Below zero, as much as anybody likes.
 */
@ApplicationScoped
public class Bounds {
    private final long properties;
    private final long tags;
    private final long members;
    private final long locations;
    private final long largest;

    @Inject
    public Bounds(
            @ConfigProperty(name = "nephos.image.most-properties", defaultValue = "128") long properties,
            @ConfigProperty(name = "nephos.image.most-tags", defaultValue = "128") long tags,
            @ConfigProperty(name = "nephos.image.most-members", defaultValue = "128") long members,
            @ConfigProperty(name = "nephos.image.most-locations", defaultValue = "10") long locations,
            @ConfigProperty(name = "nephos.image.largest", defaultValue = "1099511627776") long largest) {
        this.properties = properties;
        this.tags = tags;
        this.members = members;
        this.locations = locations;
        this.largest = largest;
    }

    /** 413 when there are too many tags or properties. */
    public Attributes require(Attributes attributes) {
        require("properties", attributes.properties().size(), properties);
        require("tags", attributes.tags().size(), tags);
        return attributes;
    }

    /** 413 when there are too many. */
    public void requireMembers(long attempted) {
        require("members for this image", attempted, members);
    }

    /** 413 when there are too many. */
    public void requireLocations(long attempted) {
        require("locations", attempted, locations);
    }

    /** 413 when an image of so many bytes is too large. */
    public void requireSize(long bytes) {
        if (largest >= 0 && bytes > largest) {
            throw new Fault.PayloadTooLarge("", "Denying attempt to upload image larger than " + largest + " bytes.")
                    .asException();
        }
    }

    private static void require(String what, long attempted, long maximum) {
        if (maximum >= 0 && attempted > maximum) {
            throw Fault.overLimit(
                    "",
                    "The limit has been exceeded on the number of allowed image " + what + ". Attempted: " + attempted
                            + ", Maximum: " + maximum + ".");
        }
    }
}
