-- An operator knows that the host is down, whatever its agent says.
alter table host add column forced_down boolean not null default false;
