-- Pages of one target's or one actor's assignments come in the order of the ids.
create index assignment_target_page on assignment (target_id, id);
create index assignment_actor_page on assignment (actor_id, id);
drop index assignment_target;
drop index assignment_actor;
