package io.nephos.scheduler.optimiser;

import java.util.List;

/**
 * What would be better, and by how much.
 *
 * @param migrations in an order in which each finds its room
 * @param freed names of the hosts on which nothing runs any more
 * @param left ids of servers that were to leave a host and cannot
 * @param optimal the solver has shown that no plan within the limits is better
 */
public record Plan(
        List<Migration> migrations,
        Measure before,
        Measure after,
        List<String> freed,
        List<String> left,
        boolean optimal) {}
