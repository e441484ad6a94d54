-- Replicas keep all providers in memory, as they keep the hosts, and follow what is written: also who goes.
create table provider_gone (
    id      text primary key,
    changed xid8 not null
);
create index provider_gone_changed on provider_gone (changed);
create function provider_gone() returns trigger language plpgsql as $$
begin
    insert into provider_gone (id, changed) values (old.id, pg_current_xact_id())
        on conflict (id) do update set changed = pg_current_xact_id();
    return old;
end
$$;
create trigger provider_gone after delete on resource_provider for each row execute function provider_gone();
create index host_gone_changed on host_gone (changed);
