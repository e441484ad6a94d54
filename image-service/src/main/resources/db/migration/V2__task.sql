create table task (
    id         text primary key,
    image_id   text        not null references image (id) on delete cascade,
    owner      text        not null,
    user_id    text        not null,
    request_id text        not null,
    status     text        not null,
    input      text        not null,
    message    text        not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    generation bigint      not null
);
create index task_image on task (image_id);
create index task_newest on task (created_at desc, id desc);
