-- Bytes arrive in one of several stores; empty is the usual one, as before.
alter table image add column transfer_store text not null default '';
