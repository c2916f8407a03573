DROP TABLE alert_silences;
DROP TABLE alert_states;
DROP TABLE alerts;
