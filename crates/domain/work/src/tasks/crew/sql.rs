use base::LocalDay;
use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

db::row! { pub struct MateRow {
    task_id: Uuid, employee_id: Uuid, employee_name: String, department_id: Uuid, day: LocalDay, status: String, eta: Option<Micros>
} }

/// Tasks of a crew that are not called off or left out, the newest day of each person first. The caller has checked one of
/// them: whoever sees one knows who else comes.
pub async fn mates(q: &mut impl Query, crew: Uuid) -> Result<Vec<MateRow>> {
    q.all(
        sql!(
            "SELECT t.id AS task_id, t.employee_id, e.name AS employee_name, t.department_id, t.day, t.status, t.eta FROM task t \
             JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
             WHERE t.tenant_id = $1 AND t.crew_id = $3 AND t.status NOT IN ('skipped', 'cancelled') ORDER BY t.day DESC, t.id"
        ),
        args![crew],
    )
    .await
}

db::row! { struct MateId { employee_id: Uuid } }

/// Who has a task of the same work as one of this person's, on a day; whatever the caller's reach: it is asked for a person, not
/// of those who come along.
pub async fn mates_of_day(q: &mut impl Query, person: Uuid, day: LocalDay) -> Result<Vec<Uuid>> {
    let rows: Vec<MateId> = q
        .all(
            sql!(
                "SELECT DISTINCT m.employee_id FROM task t JOIN task m ON m.tenant_id = t.tenant_id AND m.crew_id = t.crew_id \
                 AND m.day = t.day AND m.employee_id <> t.employee_id AND m.status NOT IN ('skipped', 'cancelled') \
                 WHERE t.tenant_id = $1 AND t.employee_id = $3 AND t.day = $4 AND t.crew_id IS NOT NULL \
                 AND t.status NOT IN ('skipped', 'cancelled')"
            ),
            args![person, day],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.employee_id).collect())
}

/// A task that was one person's becomes the first of a crew. False when it is of one already, or nobody is to make it any more.
pub async fn begin(tx: &mut Tx, task: Uuid) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE task SET crew_id = id, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND crew_id IS NULL \
                 AND status IN ('new', 'accepted', 'on_the_way', 'on_site')"
            ),
            args![task],
        )
        .await?;
    Ok(rows == 1)
}
