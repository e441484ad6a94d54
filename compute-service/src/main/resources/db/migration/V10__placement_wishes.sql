-- What the user wished of the place, as JSON; the node that was asked for beside the host.
alter table server
    add column scheduler_hints text not null default '{}',
    add column forced_node     text not null default '',
    -- Of a request for several servers: how many of them must find a place at once; 0: this one was made alone.
    add column batch_min       int  not null default 0;
create index server_reservation on server (reservation_id, launch_index);
