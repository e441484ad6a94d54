-- Who allocates holds the provider's row, whose inventory cannot go while something of it is held, and writes the consumer
-- in the same transaction: three checks for each row of a batch would find nothing.
alter table allocation drop constraint allocation_resource_class_fkey;
alter table allocation drop constraint allocation_provider_id_fkey;
alter table allocation drop constraint allocation_consumer_id_fkey;
