DROP TABLE events_archive, events, codebook_items, jobs, clients;
