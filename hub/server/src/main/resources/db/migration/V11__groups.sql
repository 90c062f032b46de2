-- The groups of a gateway, with blanks between: ' line-a north '. Told to it when it is enrolled.
alter table gateways add column member_of varchar(2100) not null default '';
