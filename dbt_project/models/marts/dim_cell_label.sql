-- Names of municipalities and topics have seeds of their own; an answer that is compared between waves is
-- called by its question and its category.
with seeded as (
    select
        dimension,
        code,
        label_da,
        label_en,
        position as sort_order,
        1 as place
    from {{ ref('cell_labels') }}
    union all
    select
        'breakdown_value' as dimension,
        municipality_code as code,
        municipality_name as label_da,
        municipality_name as label_en,
        cast(municipality_code as integer) as sort_order,
        2 as place
    from {{ ref('municipalities') }}
    union all
    select
        'category' as dimension,
        topic as code,
        label_da,
        label_en,
        position as sort_order,
        2 as place
    from {{ ref('styringsdialog_topics') }}
),

compared as (
    select distinct
        'category' as dimension,
        concat(questions.question, '__', answers.category) as code,
        question_labels.label_da as question_da,
        question_labels.label_en as question_en,
        answer_labels.label_da as answer_da,
        answer_labels.label_en as answer_en,
        1000 * question_labels.position + answer_labels.position as sort_order
    from {{ ref('indicator_answers') }} as answers
    inner join {{ ref('indicator_questions') }} as questions
        on answers.indicator_id = questions.indicator_id and answers.measure = questions.measure
    inner join {{ ref('cell_labels') }} as question_labels
        on question_labels.dimension = 'category' and questions.question = question_labels.code
    inner join {{ ref('cell_labels') }} as answer_labels
        on answer_labels.dimension = 'category' and answers.category = answer_labels.code
),

final as (
    select
        dimension,
        code,
        label_da,
        label_en,
        sort_order
    from seeded
    qualify row_number() over (partition by dimension, code order by place) = 1
    union all
    select
        dimension,
        code,
        {{ named_question('question_da') }} || ': ' || answer_da as label_da,
        {{ named_question('question_en') }} || ': ' || answer_en as label_en,
        sort_order
    from compared
)

select * from final
