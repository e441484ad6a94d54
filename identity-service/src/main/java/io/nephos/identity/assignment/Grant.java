package io.nephos.identity.assignment;

/**
 * A role given to an actor on a target.
 *
 * @param inherited it counts not on the target but on every project below it
 */
public record Grant(Actor actor, Target target, String roleId, boolean inherited) {
    public String key() {
        return String.join(
                "/", actor.type(), actor.id(), target.type(), target.id(), roleId, inherited ? "inherited" : "direct");
    }
}
