-- Transitions that are older than they shall be kept are found by their time.
create index rollout_events_by_time on rollout_events (at);
