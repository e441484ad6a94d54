create sequence segmentation_id minvalue 1000000 maxvalue 16000000 cycle;

create table network (
    id                    text primary key,
    project_id            text        not null,
    name                  text        not null,
    description           text        not null,
    admin_state_up        boolean     not null,
    shared                boolean     not null,
    external              boolean     not null,
    is_default            boolean     not null,
    port_security_enabled boolean     not null,
    mtu                   int         not null,
    network_type          text        not null,
    physical_network      text,
    segmentation_id       bigint,
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    generation            bigint      not null
);
create index network_project on network (project_id);
-- A flat network takes its physical network for itself; a Geneve identifier belongs to one network.
create unique index network_flat on network (physical_network) where network_type = 'flat';
create unique index network_segment on network (segmentation_id) where network_type = 'geneve';

create table subnetpool (
    id                text primary key,
    project_id        text        not null,
    name              text        not null,
    description       text        not null,
    prefixes          text        not null,
    ip_version        int         not null,
    min_prefixlen     int         not null,
    max_prefixlen     int         not null,
    default_prefixlen int         not null,
    default_quota     int,
    shared            boolean     not null,
    is_default        boolean     not null,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    generation        bigint      not null
);
create index subnetpool_project on subnetpool (project_id);

create table subnet (
    id                text primary key,
    project_id        text        not null,
    network_id        text        not null references network,
    name              text        not null,
    description       text        not null,
    ip_version        int         not null,
    cidr              text        not null,
    gateway_ip        text,
    enable_dhcp       boolean     not null,
    allocation_pools  text        not null,
    dns_nameservers   text        not null,
    host_routes       text        not null,
    service_types     text        not null,
    ipv6_ra_mode      text,
    ipv6_address_mode text,
    subnetpool_id     text references subnetpool,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    generation        bigint      not null
);
create index subnet_network on subnet (network_id);
create index subnet_project on subnet (project_id);

create table port (
    id                    text primary key,
    project_id            text        not null,
    network_id            text        not null references network,
    name                  text        not null,
    description           text        not null,
    mac_address           text        not null,
    admin_state_up        boolean     not null,
    status                text        not null,
    device_id             text        not null,
    device_owner          text        not null,
    host                  text        not null,
    vnic_type             text        not null,
    profile               text        not null,
    port_security_enabled boolean     not null,
    allowed_address_pairs text        not null,
    dns_name              text        not null,
    made_by_compute       boolean     not null,
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    generation            bigint      not null,
    constraint port_mac unique (network_id, mac_address)
);
create index port_project on port (project_id);
create index port_device on port (device_id);
create index port_owner on port (device_owner);

-- One address belongs to one port: id is "<subnet>/<address>".
create table fixed_ip (
    id         text primary key,
    port_id    text not null references port,
    subnet_id  text not null references subnet,
    ip_address text not null,
    position   int  not null
);
create index fixed_ip_port on fixed_ip (port_id);
create index fixed_ip_subnet on fixed_ip (subnet_id);
create index fixed_ip_address on fixed_ip (ip_address);

create table security_group (
    id          text primary key,
    project_id  text        not null,
    name        text        not null,
    description text        not null,
    stateful    boolean     not null,
    is_default  boolean     not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    generation  bigint      not null
);
create index security_group_project on security_group (project_id);
create unique index security_group_default on security_group (project_id) where is_default;

create table security_group_rule (
    id               text primary key,
    project_id       text        not null,
    group_id         text        not null references security_group,
    description      text        not null,
    direction        text        not null,
    ethertype        text        not null,
    protocol         text,
    port_range_min   int,
    port_range_max   int,
    remote_ip_prefix text,
    remote_group_id  text references security_group,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    generation       bigint      not null
);
create index security_group_rule_group on security_group_rule (group_id);
create index security_group_rule_remote on security_group_rule (remote_group_id);

-- id is "<port>/<group>".
create table port_security_group (
    id       text primary key,
    port_id  text not null references port,
    group_id text not null references security_group
);
create index port_security_group_port on port_security_group (port_id);
create index port_security_group_group on port_security_group (group_id);

create table router (
    id                  text primary key,
    project_id          text        not null,
    name                text        not null,
    description         text        not null,
    admin_state_up      boolean     not null,
    external_network_id text references network,
    gateway_port_id     text references port,
    enable_snat         boolean     not null,
    routes              text        not null,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    generation          bigint      not null
);
create index router_project on router (project_id);

create table floating_ip (
    id                  text primary key,
    project_id          text        not null,
    description         text        not null,
    floating_network_id text        not null references network,
    floating_port_id    text        not null references port,
    floating_ip_address text        not null,
    port_id             text references port,
    fixed_ip_address    text,
    router_id           text references router,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    generation          bigint      not null
);
create index floating_ip_project on floating_ip (project_id);
create index floating_ip_port on floating_ip (port_id);
create index floating_ip_router on floating_ip (router_id);
create unique index floating_ip_fixed on floating_ip (floating_network_id, port_id, fixed_ip_address);

create table quota (
    id         text primary key,
    project_id text   not null,
    resource   text   not null,
    quota      bigint not null,
    generation bigint not null
);
create index quota_project on quota (project_id);
