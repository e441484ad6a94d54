package io.nephos.identity.limit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LimitModelTest {
    @Test
    void aProjectHasNoMoreThanItsDomain() {
        assertTrue(LimitModel.fits(5, 5));
        assertFalse(LimitModel.fits(6, 5));
        assertTrue(LimitModel.fits(0, 0));
    }

    @Test
    void withoutLimitIsMoreThanAnyNumber() {
        assertFalse(LimitModel.fits(-1, 5));
        assertTrue(LimitModel.fits(5, -1));
        assertTrue(LimitModel.fits(-1, -1));
    }

    @Test
    void anUnknownModelIsRefusedAtTheStart() {
        assertThrows(IllegalArgumentException.class, () -> new LimitModel("hierarchical"));
        assertTrue(new LimitModel("strict_two_level").strict());
        assertFalse(new LimitModel("flat").strict());
    }
}
