package io.nephos.scheduler.optimiser;

/** One move of a plan; ids of the server and of the hosts, with the hosts' names. */
public record Migration(String server, String from, String fromName, String to, String toName) {}
