-- What this release is made of.
select
    release_id,
    case when is_synthetic then 'ja' else 'nej' end as syntetisk,
    cast(threshold as varchar) as graense
from release_info
