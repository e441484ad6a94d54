create table resource_provider (
    id         text        primary key,
    name       text        not null,
    generation bigint      not null default 0,
    parent_id  text        references resource_provider (id),
    root_id    text        not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint resource_provider_name unique (name)
);
create index resource_provider_root on resource_provider (root_id);

create table resource_class (
    name       text        primary key,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
insert into resource_class (name) values
    ('VCPU'), ('MEMORY_MB'), ('DISK_GB'), ('PCI_DEVICE'), ('SRIOV_NET_VF'), ('NUMA_SOCKET'), ('NUMA_CORE'),
    ('NUMA_THREAD'), ('NUMA_MEMORY_MB'), ('IPV4_ADDRESS'), ('VGPU'), ('VGPU_DISPLAY_HEAD'),
    ('NET_BW_EGR_KILOBIT_PER_SEC'), ('NET_BW_IGR_KILOBIT_PER_SEC'), ('PCPU'), ('MEM_ENCRYPTION_CONTEXT'), ('FPGA'),
    ('PGPU'), ('NET_PACKET_RATE_KILOPACKET_PER_SEC'), ('NET_PACKET_RATE_EGR_KILOPACKET_PER_SEC'),
    ('NET_PACKET_RATE_IGR_KILOPACKET_PER_SEC');

create table inventory (
    provider_id      text             not null references resource_provider (id) on delete cascade,
    resource_class   text             not null references resource_class (name),
    total            bigint           not null,
    reserved         bigint           not null,
    min_unit         bigint           not null,
    max_unit         bigint           not null,
    step_size        bigint           not null,
    allocation_ratio double precision not null,
    created_at       timestamptz      not null default now(),
    updated_at       timestamptz      not null default now(),
    primary key (provider_id, resource_class)
);

create table trait (
    name       text        primary key,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
insert into trait (name) values
    ('COMPUTE_STATUS_DISABLED'), ('COMPUTE_NODE'), ('COMPUTE_DEVICE_TAGGING'), ('COMPUTE_NET_ATTACH_INTERFACE'),
    ('COMPUTE_VOLUME_ATTACH'), ('COMPUTE_VOLUME_EXTEND'), ('COMPUTE_VOLUME_MULTI_ATTACH'), ('COMPUTE_TRUSTED_CERTS'),
    ('COMPUTE_RESCUE_BFV'), ('COMPUTE_IMAGE_TYPE_QCOW2'), ('COMPUTE_IMAGE_TYPE_RAW'), ('COMPUTE_GRAPHICS_MODEL_VGA'),
    ('COMPUTE_NET_VIF_MODEL_VIRTIO'), ('COMPUTE_STORAGE_BUS_VIRTIO'), ('MISC_SHARES_VIA_AGGREGATE'),
    ('STORAGE_DISK_SSD'), ('STORAGE_DISK_HDD'), ('HW_CPU_HYPERTHREADING'), ('HW_CPU_X86_VMX'), ('HW_CPU_X86_SVM'),
    ('HW_CPU_X86_SSE'), ('HW_CPU_X86_SSE2'), ('HW_CPU_X86_SSE3'), ('HW_CPU_X86_SSSE3'), ('HW_CPU_X86_SSE41'),
    ('HW_CPU_X86_SSE42'), ('HW_CPU_X86_AVX'), ('HW_CPU_X86_AVX2'), ('HW_CPU_X86_AESNI'), ('HW_CPU_X86_BMI'),
    ('HW_CPU_X86_BMI2'), ('HW_CPU_X86_FMA3'), ('HW_CPU_X86_F16C'), ('HW_CPU_X86_ABM'), ('HW_CPU_X86_CLMUL'),
    ('HW_CPU_X86_MMX'), ('HW_CPU_X86_SHA'), ('HW_CPU_X86_AVX512F'), ('HW_CPU_X86_AVX512BW'), ('HW_CPU_X86_AVX512CD'),
    ('HW_CPU_X86_AVX512DQ'), ('HW_CPU_X86_AVX512VL');

create table provider_trait (
    provider_id text    not null references resource_provider (id) on delete cascade,
    trait       text    not null references trait (name),
    -- by the host's agent, and so replaced with its next report; others were set through the API and stay
    reported    boolean not null default false,
    primary key (provider_id, trait)
);

create table provider_aggregate (
    provider_id  text not null references resource_provider (id) on delete cascade,
    aggregate_id text not null,
    primary key (provider_id, aggregate_id)
);

create table consumer (
    id              text        primary key,
    project_id      text        not null,
    user_id         text        not null,
    generation      bigint      not null default 1,
    -- the service that claimed for it and knows whether it still exists; null when it came through the API
    claimed_by      text,
    server_group_id text,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now()
);
create index consumer_claimed on consumer (claimed_by, id);
create index consumer_server_group on consumer (server_group_id) where server_group_id is not null;
create index consumer_owner on consumer (project_id, user_id);

create table allocation (
    consumer_id    text        not null references consumer (id),
    provider_id    text        not null references resource_provider (id),
    resource_class text        not null references resource_class (name),
    used           bigint      not null check (used > 0),
    created_at     timestamptz not null default now(),
    primary key (consumer_id, provider_id, resource_class)
);
create index allocation_provider on allocation (provider_id, resource_class);

create table host (
    id                 text        primary key references resource_provider (id) on delete cascade,
    name               text        not null,
    generation         bigint      not null default 1,
    agent_address      text        not null,
    hypervisor_type    text        not null,
    hypervisor_version int         not null,
    availability_zone  text        not null,
    cpu_info           text        not null,
    up                 boolean     not null,
    last_heartbeat     timestamptz not null,
    constraint host_name unique (name)
);
