-- A consumer that holds the old place of a server that moves; it goes when the server goes.
alter table consumer add column moves_consumer text;
create index consumer_moves on consumer (moves_consumer) where moves_consumer is not null;

-- Nova's host aggregates; who is in them is in provider_aggregate.
create table host_aggregate (
    id       text primary key,
    name     text not null,
    metadata text not null
);
