-- Tasks of the older API make their image themselves. A task outlives its image, until it expires.
alter table task add column type text not null default 'api_image_import';
alter table task add column expires_at timestamptz;
alter table task drop constraint task_image_id_fkey;
update task set expires_at = updated_at + interval '48 hours' where status in ('success', 'failure');
create index task_expires on task (expires_at) where expires_at is not null;
