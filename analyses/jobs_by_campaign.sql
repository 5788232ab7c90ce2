-- Which campaigns bring jobs, and what these have brought
select
    campaign.name as campaign,
    count(*) as booked,
    count(*) filter (where job.is_completed) as completed,
    sum(job.revenue) as revenue
from analytics.fct_jobs as job
left join st_campaigns as campaign on job.tenant_id = campaign.tenant_id and job.campaign_id = campaign.st_id
group by campaign.name
order by revenue desc;
