use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::{InspectionPerson, InspectionTerms, Point};

db::row! { pub struct PlanRow {
    id: Uuid, name: String, points: String, people: String, active: bool, employee_id: Uuid, department_id: Uuid, content_sha256: String,
    version: i64, told_left: Option<String>
} }

impl PlanRow {
    pub fn terms(&self) -> Result<InspectionTerms> {
        let points: Vec<Point> = serde_json::from_str(&self.points).map_err(base::Problem::internal)?;
        let people: Vec<InspectionPerson> =
            serde_json::from_str(&self.people).map_err(base::Problem::internal)?;
        Ok(InspectionTerms { name: self.name.clone(), points, people, active: self.active })
    }
}

macro_rules! plans {
    ($tail:expr) => {
        concat!(
            "SELECT p.id, p.name, p.points, p.people, p.active, p.employee_id, p.department_id, p.content_sha256, p.version, p.told_left \
             FROM inspection_plan p WHERE p.tenant_id = $1 ",
            $tail
        )
    };
}

/// Plans in reach, newest first.
pub async fn plans(q: &mut impl Query, before: Option<Uuid>, limit: i64) -> Result<Vec<PlanRow>> {
    q.all(
        sql!(plans!("AND {reach:p} AND ($3 IS NULL OR p.id < $3) ORDER BY p.id DESC LIMIT $4")),
        args![before, limit],
    )
    .await
}

/// A plan in reach.
pub async fn plan(q: &mut impl Query, id: Uuid) -> Result<PlanRow> {
    q.must(sql!(plans!("AND {reach:p} AND p.id = $3")), args![id]).await
}

/// A plan of the company.
pub async fn plan_of_company(q: &mut impl Query, id: Uuid) -> Result<Option<PlanRow>> {
    q.one(sql!(plans!("AND p.id = $3")), args![id]).await
}

/// Plans that are walked.
pub async fn working(q: &mut impl Query) -> Result<Vec<PlanRow>> {
    q.all(sql!(plans!("AND p.active = 1 ORDER BY p.id")), vec![]).await
}

/// False when the id is taken.
pub async fn insert_plan(
    tx: &mut Tx,
    id: Uuid,
    t: &InspectionTerms,
    department: Uuid,
    sha256: &str,
) -> Result<bool> {
    let now = tx.now();
    let (points, people) = texts(t)?;
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO inspection_plan (tenant_id, id, name, points, people, active, employee_id, department_id, content_sha256, \
                 created_at, version) VALUES ($1, $3, $4, $5, $6, $7, $2, $8, $9, $10, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, t.name.trim(), points, people, t.active, department, sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update_plan(tx: &mut Tx, id: Uuid, version: i64, t: &InspectionTerms) -> Result<bool> {
    let (points, people) = texts(t)?;
    let rows = tx
        .exec(
            sql!(
                "UPDATE inspection_plan SET name = $5, points = $6, people = $7, active = $8, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, t.name.trim(), points, people, t.active],
        )
        .await?;
    Ok(rows == 1)
}

fn texts(t: &InspectionTerms) -> Result<(String, String)> {
    let text = |v: serde_json::Result<String>| v.map_err(base::Problem::internal);
    Ok((text(serde_json::to_string(&t.points))?, text(serde_json::to_string(&t.people))?))
}

db::row! { pub struct RoundRow {
    id: Uuid, plan_id: Uuid, name: String, employee_id: Uuid, employee_name: String, department_id: Uuid, day: LocalDay,
    content: Option<String>, content_sha256: Option<String>, fixed_at: Option<Micros>, pdf_sha256: Option<String>, tasks: Option<String>
} }

macro_rules! rounds {
    ($tail:expr) => {
        concat!(
            "SELECT u.id, u.plan_id, u.name, u.employee_id, e.name AS employee_name, u.department_id, u.day, u.content, u.content_sha256, \
             u.fixed_at, u.pdf_sha256, u.tasks FROM inspection_round u JOIN employee e ON e.tenant_id = u.tenant_id AND e.id = u.employee_id \
             WHERE u.tenant_id = $1 ",
            $tail
        )
    };
}

/// Rounds in reach between two days, newest first.
pub async fn rounds(
    q: &mut impl Query,
    (from, to): (LocalDay, LocalDay),
    plan: Option<Uuid>,
    employee: Option<Uuid>,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<RoundRow>> {
    let (day, id) = before.unzip();
    q.all(
        sql!(rounds!(
            "AND {reach:u} AND u.day >= $3 AND u.day <= $4 AND ($5 IS NULL OR u.plan_id = $5) AND ($6 IS NULL OR u.employee_id = $6) \
             AND ($7 IS NULL OR u.day < $7 OR (u.day = $7 AND u.id < $8)) ORDER BY u.day DESC, u.id DESC LIMIT $9"
        )),
        args![from, to, plan, employee, day, id, limit],
    )
    .await
}

/// A round in reach.
pub async fn round(q: &mut impl Query, id: Uuid) -> Result<RoundRow> {
    q.must(sql!(rounds!("AND {reach:u} AND u.id = $3")), args![id]).await
}

/// A round of the company.
pub async fn round_of_company(q: &mut impl Query, id: Uuid) -> Result<Option<RoundRow>> {
    q.one(sql!(rounds!("AND u.id = $3")), args![id]).await
}

/// Rounds whose tasks are not all made yet.
pub async fn pending(q: &mut impl Query) -> Result<Vec<RoundRow>> {
    q.all(sql!(rounds!("AND u.tasks IS NOT NULL ORDER BY u.day, u.id LIMIT 200")), vec![]).await
}

/// Rounds without a fixed report.
pub async fn unfixed(q: &mut impl Query) -> Result<Vec<RoundRow>> {
    q.all(sql!(rounds!("AND u.fixed_at IS NULL AND u.tasks IS NULL ORDER BY u.day, u.id LIMIT 200")), vec![])
        .await
}

/// Rounds whose document is not made yet.
pub async fn unmade(q: &mut impl Query) -> Result<Vec<RoundRow>> {
    q.all(sql!(rounds!("AND u.fixed_at IS NOT NULL AND u.pdf_sha256 IS NULL ORDER BY u.id LIMIT 50")), vec![])
        .await
}

/// False when it is there already.
pub async fn insert_round(
    tx: &mut Tx,
    id: Uuid,
    plan: &PlanRow,
    (employee, department): (Uuid, Uuid),
    day: LocalDay,
    tasks: &str,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO inspection_round (tenant_id, id, plan_id, name, employee_id, department_id, day, created_at, told, tasks) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, 0, $10) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, plan.id, &plan.name, employee, department, day, now, tasks],
        )
        .await?;
    Ok(rows == 1)
}

pub struct NewPoint<'a> {
    pub round: Uuid,
    pub seq: i64,
    pub title: &'a str,
    pub customer: Uuid,
    pub equipment: Option<Uuid>,
    pub from_minute: Option<i32>,
    pub to_minute: Option<i32>,
    pub label: bool,
    pub task: Option<Uuid>,
    pub step: Option<Uuid>,
    /// Why it could not be made.
    pub cannot: Option<&'a str>,
}

pub async fn insert_point(tx: &mut Tx, p: &NewPoint<'_>) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO inspection_point (tenant_id, round_id, seq, title, customer_id, equipment_id, from_minute, to_minute, label, task_id, \
             step_id, cannot) VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        args![
            p.round, p.seq, p.title, p.customer, p.equipment, p.from_minute.map(i64::from), p.to_minute.map(i64::from), p.label, p.task, p.step, p.cannot
        ],
    )
    .await
}

/// The tasks of a round are all made.
pub async fn all_made(tx: &mut Tx, round: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE inspection_round SET tasks = NULL WHERE tenant_id = $1 AND id = $3"), args![round])
        .await
}

/// Notes why the points of a task could not be made; none where the task is there.
pub async fn set_cannot(tx: &mut Tx, round: Uuid, task: Uuid, why: &str) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE inspection_point SET cannot = $5 WHERE tenant_id = $1 AND round_id = $3 AND task_id = $4 \
             AND NOT EXISTS (SELECT 1 FROM task t WHERE t.tenant_id = $1 AND t.id = $4)"
        ),
        args![round, task, why],
    )
    .await
}

/// What cannot be made of a plan. False when that was known already.
pub async fn set_told(tx: &mut Tx, plan: Uuid, told: Option<&str>) -> Result<bool> {
    let rows = tx
        .exec(
            sql!("UPDATE inspection_plan SET told = $4 WHERE tenant_id = $1 AND id = $3 AND COALESCE(told, '') <> COALESCE($4, '')"),
            args![plan, told],
        )
        .await?;
    Ok(rows == 1)
}

/// Remembers that somebody was told of what was missed, late or failed.
pub async fn set_round_told(tx: &mut Tx, round: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE inspection_round SET told = 1 WHERE tenant_id = $1 AND id = $3"), args![round]).await
}

/// Remembers of which people who left the keepers of a plan were told; false when they know.
pub async fn set_told_left(tx: &mut Tx, plan: Uuid, left: Option<&str>) -> Result<bool> {
    let rows = tx
        .exec(
            sql!("UPDATE inspection_plan SET told_left = $4 WHERE tenant_id = $1 AND id = $3 AND COALESCE(told_left, '') <> COALESCE($4, '')"),
            args![plan, left],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct PointRow {
    seq: i64, title: String, customer_id: Uuid, customer_name: String, equipment_id: Option<Uuid>, equipment_name: Option<String>,
    from_minute: Option<i64>, to_minute: Option<i64>, label: bool, task_status: Option<String>, task_reason: Option<String>,
    visit_id: Option<Uuid>, visit_status: Option<String>, status: Option<String>, reason: Option<String>, ended_at: Option<Micros>,
    scanned: Option<String>, record_id: Option<Uuid>, cannot: Option<String>, walker_id: Option<Uuid>, walker_name: Option<String>,
    task_day: Option<LocalDay>
} }

/// The points of a round with what its visits say of them. The caller has checked the round.
pub async fn points(q: &mut impl Query, round: Uuid) -> Result<Vec<PointRow>> {
    q.all(
        sql!(
            "SELECT p.seq, p.title, p.customer_id, c.name AS customer_name, p.equipment_id, q.name AS equipment_name, p.from_minute, \
             p.to_minute, p.label, t.status AS task_status, t.reason AS task_reason, v.id AS visit_id, v.status AS visit_status, s.status, \
             s.reason, s.ended_at, s.scanned, r.id AS record_id, p.cannot, k.id AS walker_id, k.name AS walker_name, t.day AS task_day FROM inspection_point p \
             JOIN customer c ON c.tenant_id = p.tenant_id AND c.id = p.customer_id \
             LEFT JOIN equipment q ON q.tenant_id = p.tenant_id AND q.id = p.equipment_id \
             LEFT JOIN task t ON t.tenant_id = p.tenant_id AND t.id = p.task_id \
             LEFT JOIN visit v ON v.tenant_id = p.tenant_id AND v.id = t.visit_id \
             LEFT JOIN employee k ON k.tenant_id = p.tenant_id AND k.id = COALESCE(v.employee_id, t.employee_id) \
             LEFT JOIN visit_step s ON s.tenant_id = p.tenant_id AND s.visit_id = v.id AND s.step_id = p.step_id \
             LEFT JOIN form_record r ON r.tenant_id = p.tenant_id AND r.visit_id = v.id AND r.step_id = p.step_id \
             WHERE p.tenant_id = $1 AND p.round_id = $3 ORDER BY p.seq"
        ),
        args![round],
    )
    .await
}

db::row! { pub struct FailureRow { label: String, remark: Option<String>, opened: Option<String>, opened_id: Option<Uuid>, number: Option<String> } }

/// What failed in a record and stands. The caller has checked its round.
pub async fn failures(q: &mut impl Query, record: Uuid) -> Result<Vec<FailureRow>> {
    q.all(
        sql!(
            "SELECT x.label, x.remark, x.opened, x.opened_id, w.number FROM form_failure x \
             LEFT JOIN work_order w ON w.tenant_id = x.tenant_id AND w.id = x.opened_id \
             WHERE x.tenant_id = $1 AND x.record_id = $3 AND x.stands = 1 ORDER BY x.field"
        ),
        args![record],
    )
    .await
}

/// Fixes the report of a round. False when it is.
pub async fn fix(tx: &mut Tx, id: Uuid, content: &str, sha256: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE inspection_round SET content = $4, content_sha256 = $5, fixed_at = $6 WHERE tenant_id = $1 AND id = $3 AND fixed_at IS NULL"
            ),
            args![id, content, sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct FixedRow { id: Uuid, content: String } }

/// Fixed reports that name a person.
pub async fn naming(q: &mut impl Query, person: Uuid) -> Result<Vec<FixedRow>> {
    q.all(
        sql!("SELECT u.id, u.content FROM inspection_round u WHERE u.tenant_id = $1 AND u.content LIKE $3 ORDER BY u.id"),
        args![format!("%{person}%")],
    )
    .await
}

/// The content of a fixed report without what a person said; its document is made anew of it.
pub async fn set_content(tx: &mut Tx, id: Uuid, content: &str) -> Result<u64> {
    tx.exec(
        sql!("UPDATE inspection_round SET content = $4, pdf_sha256 = NULL, pdf_size = NULL WHERE tenant_id = $1 AND id = $3"),
        args![id, content],
    )
    .await
}

/// False when the document was made already.
pub async fn set_document(tx: &mut Tx, id: Uuid, sha256: &str, size: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE inspection_round SET pdf_sha256 = $4, pdf_size = $5 WHERE tenant_id = $1 AND id = $3 AND pdf_sha256 IS NULL"
            ),
            args![id, sha256, size],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct SubjectRow { equipment_id: Option<Uuid> } }

/// The equipment a record was filled in about: its point's, else its order's.
pub async fn equipment_of_record(q: &mut impl Query, record: Uuid) -> Result<Option<Uuid>> {
    let row: Option<SubjectRow> = q
        .one(
            sql!(
                "SELECT COALESCE(p.equipment_id, w.equipment_id) AS equipment_id FROM form_record r \
                 LEFT JOIN inspection_point p ON p.tenant_id = r.tenant_id AND p.step_id = r.step_id \
                 LEFT JOIN work_order w ON w.tenant_id = r.tenant_id AND w.visit_id = r.visit_id \
                 WHERE r.tenant_id = $1 AND r.id = $3"
            ),
            args![record],
        )
        .await?;
    Ok(row.and_then(|r| r.equipment_id))
}
