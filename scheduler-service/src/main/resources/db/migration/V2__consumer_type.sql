alter table consumer add column consumer_type text;
