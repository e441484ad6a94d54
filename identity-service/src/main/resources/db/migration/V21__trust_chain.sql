create index trust_redelegated_from on trust (redelegated_from);
