-- The plan of a prepared statement is kept until its tables are analyzed. One that was made while the books were empty reads
-- all of them for each row, for the minute in which they fill. What joins consumers with what they hold is therefore planned
-- anew for each batch, which takes less than a millisecond.
create function group_members(of_groups text[], asking text[]) returns table (server_group_id text, host text, members int)
language sql stable
set plan_cache_mode = force_custom_plan
as $$
  select c.server_group_id, h.name, cast(count(distinct c.id) as int)
  from consumer c join allocation a on a.consumer_id = c.id join host h on h.id = a.provider_id
  where c.server_group_id = any(of_groups)
    -- Where an asking consumer moves from does not count for itself.
    and c.id not in (select unnest(asking)) and coalesce(c.moves_consumer, c.id) not in (select unnest(asking))
  group by c.server_group_id, h.name
$$;

create function held_by(consumers text[]) returns table (consumer_id text, provider_id text)
language sql stable
set plan_cache_mode = force_custom_plan
as $$
  select c.id, a.provider_id from consumer c left join allocation a on a.consumer_id = c.id where c.id = any(consumers)
$$;
