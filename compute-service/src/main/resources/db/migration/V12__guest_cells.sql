-- The NUMA cells that the scheduler gave the server on its host, as a JSON list.
alter table server add column cells text not null default '[]';
