-- Each recall beside the job that it had to do again
select
    recall.job_number as recall,
    recall.booked_day,
    job.job_number,
    job.completed_day,
    recall.booked_day - job.completed_day as days_later,
    job.technician_ids
from analytics.fct_jobs as recall
inner join analytics.fct_jobs as job on recall.tenant_id = job.tenant_id and recall.recall_for_id = job.job_id
order by recall.booked_day desc;
