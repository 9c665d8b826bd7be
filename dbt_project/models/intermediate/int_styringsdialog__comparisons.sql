-- Municipalities where one person coordinates both against those where two do; "don't know" is neither.
with counts as (
    select
        period,
        category,
        count(*) filter (where breakdown_value = 'yes' and is_member) as same_count,
        count(*) filter (where breakdown_value = 'yes') as same_base,
        count(*) filter (where breakdown_value = 'no' and is_member) as other_count,
        count(*) filter (where breakdown_value = 'no') as other_base,
        obs_status,
        note_ids,
        {{ any_synthetic('is_synthetic') }} as is_synthetic,
        {{ merged_deliveries('delivery_ids') }} as delivery_ids
    from {{ ref('int_styringsdialog__members') }}
    where breakdown = 'same_person' and breakdown_value in ('yes', 'no')
    group by period, category, obs_status, note_ids
    having same_base > 0 and other_base > 0
),

-- Fisher's exact test, two-sided: with both margins given, how likely is a table at most as likely as the
-- one seen? Hypergeometric; the tolerance keeps a table exactly as likely in the sum.
tables as (
    select distinct
        same_count,
        same_base,
        other_count,
        other_base,
        same_count + other_count as discussed,
        {{ each_of(whole_numbers(
            'greatest(0, same_count + other_count - other_base)',
            'least(same_base, same_count + other_count)'
        )) }} as possible
    from counts
),

likelihoods as (
    select
        *,
        exp(
            {{ ln_choose('same_base', 'possible') }} + {{ ln_choose('other_base', 'discussed - possible') }}
            - {{ ln_choose('same_base + other_base', 'discussed') }}
        ) as likelihood,
        exp(
            {{ ln_choose('same_base', 'same_count') }} + {{ ln_choose('other_base', 'other_count') }}
            - {{ ln_choose('same_base + other_base', 'discussed') }}
        ) as observed
    from tables
),

tests as (
    select
        same_count,
        same_base,
        other_count,
        other_base,
        least(1, sum(likelihood) filter (where likelihood <= observed * (1 + 1e-9))) as fisher_exact_p
    from likelihoods
    group by same_count, same_base, other_count, other_base
),

final as (
    select
        counts.*,
        100 * (same_count * other_base - other_count * same_base) / (same_base * other_base)
            as difference_pct_points,
        same_count * (other_base - other_count)
        / nullif(other_count * (same_base - same_count), 0) as odds_ratio,
        tests.fisher_exact_p
    from counts
    inner join tests using (same_count, same_base, other_count, other_base)
)

select * from final
