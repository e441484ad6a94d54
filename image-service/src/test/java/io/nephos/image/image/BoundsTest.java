package io.nephos.image.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.TextNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundsTest {
    private final Bounds bounds = new Bounds(2, 1, 3, 4, 100);
    private final Bounds none = new Bounds(-1, -1, -1, -1, -1);

    @Test
    void tooManyPropertiesAreTooMany() {
        Draft draft = new Draft("p");
        draft.set("a", new TextNode("v"));
        draft.set("b", new TextNode("v"));
        assertDoesNotThrow(() -> bounds.require(draft.build()));
        draft.set("c", new TextNode("v"));
        assertEquals(Fault.OverLimit.class, refusal(() -> bounds.require(draft.build())));
        assertDoesNotThrow(() -> none.require(draft.build()));
    }

    @Test
    void tooManyTagsMembersOrLocationsAreTooMany() {
        Attributes tagged = new Draft("p").tags(List.of("a", "b")).build();
        assertEquals(Fault.OverLimit.class, refusal(() -> bounds.require(tagged)));
        assertEquals(Fault.OverLimit.class, refusal(() -> bounds.requireMembers(4)));
        assertEquals(Fault.OverLimit.class, refusal(() -> bounds.requireLocations(5)));
        assertDoesNotThrow(() -> bounds.requireMembers(3));
        assertDoesNotThrow(() -> none.requireLocations(5_000));
    }

    @Test
    void anImageMayBeTooLarge() {
        assertDoesNotThrow(() -> bounds.requireSize(100));
        assertEquals(Fault.PayloadTooLarge.class, refusal(() -> bounds.requireSize(101)));
        assertDoesNotThrow(() -> none.requireSize(Long.MAX_VALUE));
    }

    private static Class<?> refusal(Runnable asked) {
        return assertThrows(FaultException.class, asked::run).fault().getClass();
    }
}
