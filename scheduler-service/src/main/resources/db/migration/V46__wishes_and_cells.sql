-- What a claim asked for beside resources, as JSON of the claim itself: it is asked again when the consumer is to move.
-- Null where nobody knows: the claim is older, or came through Placement's API.
alter table consumer add column wish text;

-- What consumers hold of the NUMA cells of their hosts, node by node of the guest. It comes and goes with the allocations,
-- under the provider's generation.
create table allocation_cell (
    consumer_id text   not null,
    node        int    not null,
    provider_id text   not null,
    cell        int    not null,
    cpus        int    not null,
    memory_mib  bigint not null,
    -- numbers of host CPUs, "4,5"; empty when the guest's CPUs float over the cell's
    pinned      text   not null,
    primary key (consumer_id, node)
);
create index allocation_cell_provider on allocation_cell (provider_id);

-- Cells are told in another form now; agents report at their start.
update host set numa_cells = '[]' where numa_cells <> '[]';
