select
    {{ record_key() }},

    {{ label('name') }} as name,
    {{ text('code') }} as code,
    {{ text('color') }} as color,
    {{ text('importance') }} as importance,

    {{ flag('active') }} as active,
    {{ flag('isConversionOpportunity') }} as is_conversion_opportunity,
    {{ flag('isVisibleOnDispatchBoard') }} as is_visible_on_dispatch_board,
    {{ flag('allowToUseOnTimesheetActivity') }} as allow_to_use_on_timesheet_activity,

    {{ instant('createdOn') }} as st_created_on,
    {{ instant('modifiedOn') }} as st_modified_on,

    {{ sync_columns() }}
from {{ changed_records('tag_types') }}
