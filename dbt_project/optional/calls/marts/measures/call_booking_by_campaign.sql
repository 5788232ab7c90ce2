{{ call_booking('campaign_id', 'campaign_name') }}
