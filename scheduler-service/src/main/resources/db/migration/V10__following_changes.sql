-- Replicas keep the hosts in memory and follow what others change: each row says by which transaction it was last written.
-- Who has read up to a horizon below which every transaction had ended reads on from there, and misses nothing.
alter table resource_provider add column changed xid8 not null default pg_current_xact_id();
create index resource_provider_changed on resource_provider (changed);

create function provider_changed() returns trigger language plpgsql as $$
begin
    new.changed := pg_current_xact_id();
    return new;
end
$$;
create trigger resource_provider_changed before update on resource_provider
    for each row execute function provider_changed();

alter table host
    add column changed         xid8 not null default pg_current_xact_id(),
    add column node            text not null default '',
    add column address         text not null default '',
    add column properties      text not null default '{}',
    add column numa_cells      text not null default '[]',
    add column io_ops          int  not null default 0,
    add column failed_builds   int  not null default 0,
    add column disabled_reason text not null default '';
create index host_changed on host (changed);

-- A heartbeat alone is no change.
create trigger host_changed before update of name, generation, agent_address, availability_zone, up, node, address,
    properties, numa_cells, io_ops, failed_builds, changed on host
    for each row execute function provider_changed();

create table host_gone (
    id      text primary key,
    changed xid8 not null
);
create function host_gone() returns trigger language plpgsql as $$
begin
    insert into host_gone (id, changed) values (old.id, pg_current_xact_id())
        on conflict (id) do update set changed = pg_current_xact_id();
    return old;
end
$$;
create trigger host_gone after delete on host for each row execute function host_gone();
