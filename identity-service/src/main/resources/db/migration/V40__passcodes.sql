-- The thirty seconds that the last passcode shown of a credential was for: neither it nor an older one is good again.
create table passcode_use (
    credential_id text   primary key references credential (id) on delete cascade,
    period        bigint not null
);

create table passcode_failure (
    user_id      text   primary key references app_user (id) on delete cascade,
    failures     bigint not null,
    failed_at_ms bigint not null
);
