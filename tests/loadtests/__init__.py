"""Load profiles: plans, the agenda, the auditor, the meter, and a real smoke run as processes of their own."""
