create table flavor (
    id            text primary key,
    name          text        not null,
    vcpus         int         not null,
    memory_mib    int         not null,
    root_gib      int         not null,
    ephemeral_gib int         not null,
    swap_mib      int         not null,
    rxtx_factor   float8      not null,
    is_public     boolean     not null,
    description   text,
    extra_specs   text        not null default '{}',
    created_at    timestamptz not null,
    generation    bigint      not null
);
create unique index flavor_name on flavor (name);
create table flavor_access (
    flavor_id  text not null references flavor on delete cascade,
    project_id text not null,
    primary key (flavor_id, project_id)
);

create table keypair (
    id          text primary key,
    user_id     text        not null,
    name        text        not null,
    type        text        not null,
    public_key  text        not null,
    fingerprint text        not null,
    created_at  timestamptz not null,
    constraint keypair_name unique (user_id, name)
);

create table quota (
    project_id text   not null,
    resource   text   not null,
    hard_limit bigint not null,
    primary key (project_id, resource)
);

create table server_group (
    id         text primary key,
    project_id text        not null,
    user_id    text        not null,
    name       text        not null,
    policy     text        not null,
    max_per_host int,
    created_at timestamptz not null
);
create index server_group_project on server_group (project_id, created_at, id);

create table server (
    id                  text primary key,
    revision            bigint      not null,
    project_id          text        not null,
    user_id             text        not null,
    name                text        not null,
    description         text,
    hostname            text        not null,
    phase               text        not null,
    vm_state            text        not null,
    task                text        not null,
    desired_power       text        not null,
    observed_power      text        not null,
    generation          bigint      not null,
    observed_generation bigint      not null,
    host                text        not null,
    host_id             text        not null,
    agent_address       text        not null,
    claim_held          boolean     not null,
    on_host             boolean     not null,
    attempts            int         not null,
    excluded_hosts      text        not null,
    last_error          text        not null,
    deadline_at         timestamptz not null,
    ports_stale         boolean     not null,
    reboot_id           text        not null,
    reboot_hard         boolean     not null,
    flavor_id           text        not null,
    flavor_name         text        not null,
    vcpus               int         not null,
    memory_mib          int         not null,
    root_gib            int         not null,
    ephemeral_gib       int         not null,
    swap_mib            int         not null,
    extra_specs         text        not null,
    image_id            text        not null,
    image_sha512        text        not null,
    image_size          bigint      not null,
    image_format        text        not null,
    image_properties    text        not null,
    key_name            text,
    public_key          text        not null,
    user_data           text,
    metadata            text        not null,
    tags                text        not null,
    config_drive        boolean     not null,
    wanted_zone         text        not null,
    zone                text        not null,
    forced_host         text        not null,
    group_id            text        not null,
    security_groups     text        not null,
    security_group_ids  text        not null,
    addresses           text        not null,
    volumes             text        not null,
    disk_config         text        not null,
    access_ip_v4        text        not null,
    access_ip_v6        text        not null,
    action_id           text        not null,
    reservation_id      text        not null,
    launch_index        int         not null,
    root_device         text        not null,
    locked_by           text        not null,
    locked_reason       text,
    fault_code          int         not null,
    fault_message       text        not null,
    fault_details       text        not null,
    fault_at            timestamptz,
    created_by          text        not null,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    launched_at         timestamptz
);
create index server_project on server (project_id, created_at desc, id desc);
create index server_all on server (created_at desc, id desc);
create index server_host on server (host) where host <> '';
create index server_group_member on server (group_id) where group_id <> '';
create index server_image on server (image_id);

create table server_port (
    id          text primary key,
    server_id   text    not null references server on delete cascade,
    position    int     not null,
    network_id  text    not null,
    existing    boolean not null,
    fixed_ip    text    not null,
    tag         text,
    leaving     boolean not null,
    leaving_at  bigint  not null,
    made        boolean not null,
    bound_host  text    not null,
    up          boolean not null,
    mac_address text    not null,
    mtu         int     not null,
    fixed_ips   text    not null,
    view        text    not null
);
create index server_port_server on server_port (server_id, position);

create table server_volume (
    id                    text primary key,
    server_id             text        not null references server on delete cascade,
    volume_id             text        not null,
    device                text        not null,
    boot_index            int         not null,
    delete_on_termination boolean     not null,
    tag                   text,
    leaving               boolean     not null,
    leaving_at            bigint      not null,
    exported_host         text        not null,
    attached              boolean     not null,
    nbd_host              text        not null,
    nbd_port              int         not null,
    nbd_export            text        not null,
    nbd_tls_hostname      text        not null,
    fencing_generation    bigint      not null,
    created_at            timestamptz not null,
    constraint server_volume_once unique (server_id, volume_id)
);

-- What a host may still run for a server that went elsewhere; removed there as soon as its agent answers.
create table residue (
    id            text primary key,
    server_id     text        not null,
    host          text        not null,
    agent_address text        not null,
    created_at    timestamptz not null
);
create index residue_host on residue (host);

create table host (
    name          text primary key,
    id            text    not null,
    agent_address text    not null,
    zone          text    not null,
    up            boolean not null,
    generation    bigint  not null
);

create table action (
    id         text primary key,
    server_id  text        not null,
    project_id text        not null,
    user_id    text        not null,
    request_id text        not null,
    action     text        not null,
    message    text,
    started_at timestamptz not null,
    updated_at timestamptz not null
);
create index action_server on action (server_id, started_at desc, id desc);
create unique index action_request on action (server_id, request_id, action);

create table action_event (
    id          text primary key,
    action_id   text        not null references action on delete cascade,
    name        text        not null,
    host        text        not null,
    started_at  timestamptz not null,
    finished_at timestamptz,
    result      text,
    details     text
);
create index action_event_action on action_event (action_id, started_at);
