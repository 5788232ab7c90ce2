select
    {{ record_key() }},

    {{ bigint('customerId') }} as customer_id,
    {{ bigint('jobId') }} as job_id,
    {{ bigint('projectId') }} as project_id,
    {{ bigint('businessUnitId') }} as business_unit_id,
    {{ bigint('reportedById') }} as reported_by_id,
    {{ bigint('assignedToId') }} as assigned_to_id,
    {{ bigints('involvedEmployeeIdList') }} as involved_employee_ids,
    {{ bigint('employeeTaskTypeId') }} as task_type_id,
    {{ bigint('employeeTaskSourceId') }} as task_source_id,
    {{ bigint('employeeTaskResolutionId') }} as task_resolution_id,
    {{ bigint('descriptionModifiedById') }} as description_modified_by_id,

    {{ bigint('taskNumber') }} as task_number,
    {{ text('name') }} as name,
    {{ text('description') }} as description,
    {{ label('status') }} as status,
    {{ text('priority') }} as priority,
    {{ text('customerName') }} as customer_name,
    {{ text('jobNumber') }} as job_number,
    {{ number('refundIssued') }} as refund_issued,
    {{ bigint('subTasksData.count') }} as subtask_count,
    {{ json('subTasksData.subTasks', '[]') }} as subtasks,
    {{ json('comments', '[]') }} as comments,
    {{ json('attachments', '[]') }} as attachments,

    {{ flag('isClosed') }} as is_closed,
    {{ flag('active') }} as active,

    {{ instant('reportedOn') }} as reported_on,
    {{ instant('completeBy') }} as complete_by,
    {{ instant('closedOn') }} as closed_on,
    {{ instant('descriptionModifiedOn') }} as description_modified_on,
    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('tasks') }}
