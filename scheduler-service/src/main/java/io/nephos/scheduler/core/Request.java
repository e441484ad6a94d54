package io.nephos.scheduler.core;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What is to be placed.
 *
 * @param consumerId UUID; also breaks ties between equal hosts, so that the same question has the same answer
 * @param resources amount by resource class
 * @param excludedHosts names of hosts that failed already
 * @param forcedHost name of the only host that will do
 */
public record Request(
        String consumerId,
        SortedMap<String, Long> resources,
        Set<String> requiredTraits,
        Set<String> forbiddenTraits,
        Optional<String> availabilityZone,
        Set<String> excludedHosts,
        Optional<String> forcedHost,
        Optional<ServerGroup> serverGroup) {}
