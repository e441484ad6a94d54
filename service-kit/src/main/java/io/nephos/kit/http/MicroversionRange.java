package io.nephos.kit.http;

import java.util.Optional;

/**
 * What a service with microversions offers; a bean of it turns negotiation on.
 *
 * @param serviceType as in {@code OpenStack-API-Version: compute 2.47}
 * @param legacyHeader an older header with the bare version, for example {@code X-OpenStack-Nova-API-Version}
 */
public record MicroversionRange(
        String serviceType, Microversion min, Microversion max, Optional<String> legacyHeader) {}
