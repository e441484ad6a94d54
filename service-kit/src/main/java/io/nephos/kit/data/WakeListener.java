package io.nephos.kit.data;

/** Told when a transaction that woke a task or published an event has committed. */
public interface WakeListener {
    void woken();
}
