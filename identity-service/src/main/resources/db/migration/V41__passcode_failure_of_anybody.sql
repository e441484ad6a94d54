-- What is tried for users who are not there is written as well, or the time that it takes would tell of them.
alter table passcode_failure drop constraint passcode_failure_user_id_fkey;
