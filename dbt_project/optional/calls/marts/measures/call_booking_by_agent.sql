{{ call_booking('agent_id', 'agent_name') }}
