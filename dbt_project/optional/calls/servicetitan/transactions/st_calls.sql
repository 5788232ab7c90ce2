select
    {{ record_key() }},

    {{ bigint('leadCall.id') }} as lead_call_id,
    {{ bigint('leadCall.customer.id') }} as customer_id,
    {{ bigint('leadCall.campaign.id') }} as campaign_id,
    {{ bigint('businessUnit.id') }} as business_unit_id,
    {{ bigint('type.id') }} as job_type_id,
    {{ bigint('projectId') }} as project_id,
    {{ bigint('leadCall.reason.id') }} as call_reason_id,
    {{ bigint('leadCall.agent.id') }} as agent_id,
    {{ bigint('leadCall.agent.externalId') }} as agent_external_id,
    {{ bigint('leadCall.createdBy.id') }} as created_by_id,

    {{ label('leadCall.direction') }} as direction,
    {{ label('leadCall.callType') }} as call_type,
    {{ seconds('leadCall.duration') }} as duration_seconds,
    {{ text('leadCall.from') }} as from_number,
    {{ text('leadCall.to') }} as to_number,
    {{ text('leadCall.sid') }} as sid,
    {{ text('jobNumber') }} as job_number,
    {{ text('type.name') }} as job_type_name,
    {{ text('businessUnit.name') }} as business_unit_name,
    {{ text('leadCall.customer.name') }} as customer_name,
    {{ text('leadCall.campaign.name') }} as campaign_name,
    {{ text('leadCall.reason.name') }} as call_reason_name,
    {{ text('leadCall.agent.name') }} as agent_name,
    {{ text('leadCall.createdBy.name') }} as created_by_name,
    {{ text('leadCall.recordingUrl') }} as recording_url,
    {{ text('leadCall.voiceMailUrl') }} as voice_mail_url,
    {{ json('leadCall.tags', '[]') }} as tags,

    {{ flag('leadCall.active') }} as active,
    {{ flag('leadCall.reason.lead') }} as is_lead_reason,
    {{ flag('leadCall.reason.active') }} as call_reason_active,

    {{ instant('leadCall.receivedOn') }} as received_on,
    {{ instant('leadCall.createdOn') }} as st_created_on,
    {{ instant('leadCall.modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('calls') }}
