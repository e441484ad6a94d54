package io.nephos.identity.user;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Filters of lists of users, for the lists of others. */
public final class UserFilters {
    private UserFilters() {}

    /** 400 for a value that is not an operator and a time. */
    public static Predicate<UserRow> passwordExpiresAt(@Nullable List<String> values) {
        List<ExpiryFilter> filters = ExpiryFilter.all(values);
        return row -> filters.stream().allMatch(filter -> filter.fits(row));
    }
}
