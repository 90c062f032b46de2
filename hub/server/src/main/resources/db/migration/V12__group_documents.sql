-- Which documents were signed for a group, and which of them the gateway has said that it is not of.
alter table deployments add column for_group boolean not null default false;
alter table deployments add column stray boolean not null default false;
update deployments set for_group = true where document like '{"format":_,"group":%';
-- Whether anybody has ever told the hub what groups a gateway is of, be it none.
alter table gateways add column grouped boolean not null default false;
update gateways set grouped = true where member_of <> '';
