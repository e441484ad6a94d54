package io.nephos.agent.image;

import com.google.protobuf.ByteString;
import java.util.Iterator;

/** Where the bytes of images come from. */
@FunctionalInterface
public interface ImageSource {
    /** The image that the ticket is for, from that byte on. {@link ImageFault} at once or while iterating. */
    Iterator<ByteString> open(String ticket, long offset);

    /** Nothing more will be asked with that ticket. Returns at once, and never fails: a ticket expires by itself too. */
    default void release(String ticket) {}
}
