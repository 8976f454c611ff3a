//! Statements on cases, who is asked, and what happened.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use flow::Status;
use uuid::Uuid;

db::row! { pub struct KnownRow { id: Uuid, employee_id: Uuid, status: String, changed_at: Micros } }

impl KnownRow {
    /// Does the case stand like one of these?
    pub fn is(&self, any: &[Status]) -> bool {
        any.iter().any(|s| s.key() == self.status)
    }
}

/// The case of a record, whatever the reach.
pub async fn of_record(q: &mut impl Query, kind: &str, record: Uuid) -> Result<Option<KnownRow>> {
    q.one(
        sql!(
            "SELECT a.id, a.employee_id, a.status, a.changed_at FROM approval a WHERE a.tenant_id = $1 AND a.subject_kind = $3 AND a.record_id = $4"
        ),
        args![kind, record],
    )
    .await
}

/// What is written of a new case.
pub struct NewCase<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub subject: Uuid,
    pub record: Uuid,
    pub title: &'a str,
    pub summary: &'a str,
    pub employee: Uuid,
    pub department: Uuid,
    pub flow: Uuid,
    pub number: i64,
    pub status: &'a str,
    pub state: &'a str,
    pub facts: &'a str,
    pub content: &'a str,
}

pub async fn insert(tx: &mut Tx, c: &NewCase<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO approval (tenant_id, id, subject_kind, subject_id, record_id, title, summary, employee_id, department_id, flow_id, \
             flow_number, status, state, facts, content, due_at, started_at, changed_at, ended_at, version) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULL, $17, $17, NULL, 0)"
        ),
        args![
            c.id, c.kind, c.subject, c.record, c.title, c.summary, c.employee, c.department, c.flow, c.number, c.status, c.state, c.facts,
            c.content, now
        ],
    )
    .await
}

/// What a case shows and looks at, as JSON texts.
pub struct Content<'a> {
    pub facts: &'a str,
    pub content: &'a str,
    pub summary: &'a str,
    pub title: &'a str,
}

pub async fn set_content(tx: &mut Tx, id: Uuid, c: &Content<'_>) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE approval SET facts = $4, content = $5, summary = $6, title = $7 WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, c.facts, c.content, c.summary, c.title],
    )
    .await
}

/// Changes what is shown of a case, and nothing it was decided on.
pub async fn set_shown(tx: &mut Tx, id: Uuid, content: &str) -> Result<u64> {
    tx.exec(sql!("UPDATE approval SET content = $4 WHERE tenant_id = $1 AND id = $3"), args![id, content])
        .await
}

/// Takes the lines of a case out of lists.
pub async fn clear_summary(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE approval SET summary = '[]' WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

db::row! {
    /// What a case is moved on from.
    pub struct StateRow {
        id: Uuid, subject_kind: String, record_id: Uuid, title: String, employee_id: Uuid, department_id: Uuid, flow_id: Uuid, flow_number: i64, status: String,
        state: String, facts: String, version: i64
    }
}

/// A case as it stands, whatever the reach.
pub async fn state(q: &mut impl Query, id: Uuid) -> Result<StateRow> {
    q.must(
        sql!(
            "SELECT a.id, a.subject_kind, a.record_id, a.title, a.employee_id, a.department_id, a.flow_id, a.flow_number, a.status, a.state, a.facts, a.version \
             FROM approval a WHERE a.tenant_id = $1 AND a.id = $3"
        ),
        args![id],
    )
    .await
}

/// False when it was moved on since `version`.
pub async fn set_state(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    status: &str,
    state: &str,
    due_at: Option<Micros>,
    ended_at: Option<Micros>,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE approval SET status = $5, state = $6, due_at = $7, ended_at = $8, changed_at = $9, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, status, state, due_at, ended_at, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn clear_asks(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM approval_ask WHERE tenant_id = $1 AND approval_id = $3"), args![id]).await
}

pub async fn insert_ask(
    tx: &mut Tx,
    id: Uuid,
    ask: i64,
    node: &str,
    person: Uuid,
    since: Micros,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO approval_ask (tenant_id, approval_id, ask, node, employee_id, since) VALUES ($1, $3, $4, $5, $6, $7)"
        ),
        args![id, ask, node, person, since],
    )
    .await
}

/// Notes that somebody has to do with a case; the first time counts.
pub async fn insert_part(tx: &mut Tx, id: Uuid, person: Uuid, part: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO approval_part (tenant_id, approval_id, employee_id, part, at) VALUES ($1, $3, $4, $5, $6) \
             ON CONFLICT (tenant_id, approval_id, employee_id, part) DO NOTHING"
        ),
        args![id, person, part, now],
    )
    .await
}

pub async fn trail_length(q: &mut impl Query, id: Uuid) -> Result<i64> {
    let row: (i64,) = q
        .must(
            sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM approval_trail t WHERE t.tenant_id = $1 AND t.approval_id = $3"
            ),
            args![id],
        )
        .await?;
    Ok(row.0)
}

pub struct NewTrail<'a> {
    pub seq: i64,
    pub what: &'a str,
    pub node: Option<&'a str>,
    pub person: Option<Uuid>,
    pub instead_of: Option<Uuid>,
    pub to: Option<Uuid>,
    pub lane: Option<i64>,
    pub comment: Option<&'a str>,
}

pub async fn insert_trail(tx: &mut Tx, id: Uuid, t: &NewTrail<'_>) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO approval_trail (tenant_id, approval_id, seq, at, what, node, employee_id, instead_of, to_id, lane, comment) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        args![id, t.seq, now, t.what, t.node, t.person, t.instead_of, t.to, t.lane, t.comment],
    )
    .await
}

db::row! { pub struct ActionRow { approval_id: Uuid, employee_id: Uuid, sha256: String } }

pub async fn action(q: &mut impl Query, id: Uuid) -> Result<Option<ActionRow>> {
    q.one(
        sql!(
            "SELECT x.approval_id, x.employee_id, x.sha256 FROM approval_action x WHERE x.tenant_id = $1 AND x.id = $3"
        ),
        args![id],
    )
    .await
}

/// False when the id is taken.
pub async fn insert_action(tx: &mut Tx, id: Uuid, case: Uuid, sha256: &str) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO approval_action (tenant_id, id, approval_id, employee_id, sha256, at) VALUES ($1, $3, $4, $2, $5, $6) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, case, sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct CaseRow {
    id: Uuid, subject_kind: String, subject_id: Uuid, record_id: Uuid, title: String, summary: String, employee_id: Uuid, employee_name: String,
    department_id: Uuid, department_name: String, flow_id: Uuid, flow_number: i64, status: String, started_at: Micros, changed_at: Micros,
    ended_at: Option<Micros>, version: i64
} }

macro_rules! cases {
    ($tail:expr) => {
        concat!(
            "SELECT a.id, a.subject_kind, a.subject_id, a.record_id, a.title, a.summary, a.employee_id, e.name AS employee_name, a.department_id, \
             d.name AS department_name, a.flow_id, a.flow_number, a.status, a.started_at, a.changed_at, a.ended_at, a.version FROM approval a \
             JOIN employee e ON e.tenant_id = a.tenant_id AND e.id = a.employee_id \
             JOIN department d ON d.tenant_id = a.tenant_id AND d.id = a.department_id \
             WHERE a.tenant_id = $1 ",
            $tail
        )
    };
}

macro_rules! paged {
    ($box:literal) => {
        cases!(concat!(
            $box,
            "AND ($3 IS NULL OR a.status = $3) AND ($4 IS NULL OR a.subject_kind = $4) \
             AND ($5 IS NULL OR a.started_at < $5 OR (a.started_at = $5 AND a.id < $6)) ORDER BY a.started_at DESC, a.id DESC LIMIT $7"
        ))
    };
}

/// Which cases a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inbox {
    Todo,
    Mine,
    Copied,
    Decided,
    /// Every form in reach.
    All,
}

/// Filters of a list.
#[derive(Debug, Clone)]
pub struct Filter {
    pub status: Option<String>,
    pub kind: Option<String>,
    pub after: Option<(i64, Uuid)>,
    pub limit: i64,
}

pub async fn list(q: &mut impl Query, of: Inbox, f: &Filter) -> Result<Vec<CaseRow>> {
    let (at, id) = f.after.unzip();
    let args = args![&f.status, &f.kind, at, id, f.limit];
    let statement = match of {
        Inbox::Todo => sql!(paged!(
            "AND a.id IN (SELECT k.approval_id FROM approval_ask k WHERE k.tenant_id = $1 AND k.employee_id = $2) "
        )),
        Inbox::Mine => sql!(paged!("AND a.employee_id = $2 ")),
        Inbox::Copied => sql!(paged!(
            "AND a.id IN (SELECT p.approval_id FROM approval_part p WHERE p.tenant_id = $1 AND p.employee_id = $2 AND p.part = 'copied') "
        )),
        Inbox::Decided => sql!(paged!(
            "AND a.id IN (SELECT p.approval_id FROM approval_part p WHERE p.tenant_id = $1 AND p.employee_id = $2 AND p.part = 'decided') "
        )),
        Inbox::All => sql!(paged!("AND a.subject_kind = 'form' AND {reach:a} ")),
    };
    q.all(statement, args).await
}

/// A case the acting person may see: his own, one he has to do with, or one of a form in reach of a reader of visits.
/// What comes from elsewhere has grants of its own, which reading visits does not give.
pub async fn seen(q: &mut impl Query, id: Uuid, reads_visits: bool) -> Result<CaseRow> {
    q.must(
        sql!(cases!(
            "AND a.id = $3 AND (a.employee_id = $2 OR ($4 = 1 AND a.subject_kind = 'form' AND {reach:a}) \
             OR EXISTS (SELECT 1 FROM approval_part p WHERE p.tenant_id = $1 AND p.approval_id = a.id AND p.employee_id = $2))"
        )),
        args![id, reads_visits],
    )
    .await
}

/// # Errors
/// `not_found` for a case the acting person may not see.
pub async fn check_seen(q: &mut impl Query, id: Uuid, reads_visits: bool) -> Result<()> {
    seen(q, id, reads_visits).await.map(drop)
}

db::row! { pub struct BodyRow { state: String, content: String } }

pub async fn body(q: &mut impl Query, id: Uuid) -> Result<BodyRow> {
    q.must(sql!("SELECT a.state, a.content FROM approval a WHERE a.tenant_id = $1 AND a.id = $3"), args![id])
        .await
}

db::row! { pub struct AskRow { ask: i64, node: String, employee_id: Uuid, name: String, since: Micros } }

/// Who is asked now.
pub async fn asks(q: &mut impl Query, id: Uuid) -> Result<Vec<AskRow>> {
    q.all(
        sql!(
            "SELECT k.ask, k.node, k.employee_id, e.name, k.since FROM approval_ask k \
             JOIN employee e ON e.tenant_id = k.tenant_id AND e.id = k.employee_id \
             WHERE k.tenant_id = $1 AND k.approval_id = $3 ORDER BY k.ask"
        ),
        args![id],
    )
    .await
}

db::row! { pub struct TrailRow {
    seq: i64, at: Micros, what: String, node: Option<String>, employee_id: Option<Uuid>, name: Option<String>, instead_of: Option<Uuid>,
    instead_name: Option<String>, to_id: Option<Uuid>, to_name: Option<String>, lane: Option<i64>, comment: Option<String>
} }

pub async fn trail(q: &mut impl Query, id: Uuid) -> Result<Vec<TrailRow>> {
    q.all(
        sql!(
            "SELECT t.seq, t.at, t.what, t.node, t.employee_id, e.name, t.instead_of, i.name AS instead_name, t.to_id, o.name AS to_name, t.lane, \
             t.comment FROM approval_trail t LEFT JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id \
             LEFT JOIN employee i ON i.tenant_id = t.tenant_id AND i.id = t.instead_of \
             LEFT JOIN employee o ON o.tenant_id = t.tenant_id AND o.id = t.to_id \
             WHERE t.tenant_id = $1 AND t.approval_id = $3 ORDER BY t.seq"
        ),
        args![id],
    )
    .await
}

db::row! { pub struct CountRow { todo: i64, returned: i64 } }

/// What waits for the acting person.
pub async fn counts(q: &mut impl Query) -> Result<CountRow> {
    q.must(
        sql!(
            "SELECT CAST((SELECT COUNT(DISTINCT k.approval_id) FROM approval_ask k WHERE k.tenant_id = $1 AND k.employee_id = $2) AS BIGINT) AS todo, \
             CAST((SELECT COUNT(*) FROM approval a WHERE a.tenant_id = $1 AND a.employee_id = $2 AND a.status = 'returned') AS BIGINT) AS returned"
        ),
        vec![],
    )
    .await
}

db::row! { pub struct ColleagueRow { id: Uuid, name: String, department_name: String } }

/// People at work by name or pinyin, whatever the reach.
pub async fn colleagues(q: &mut impl Query, like: &str) -> Result<Vec<ColleagueRow>> {
    q.all(
        sql!(
            "SELECT e.id, e.name, e.department_name FROM person e WHERE e.tenant_id = $1 AND e.status = 'active' \
             AND (lower(e.name) LIKE $3 OR e.pinyin LIKE $3) ORDER BY e.pinyin, e.id LIMIT 30"
        ),
        args![like],
    )
    .await
}

db::row! { pub struct IdRow { id: Uuid } }

/// Running cases something is due in.
pub async fn due(q: &mut impl Query, now: Micros) -> Result<Vec<Uuid>> {
    let rows: Vec<IdRow> = q
        .all(
            sql!(
                "SELECT a.id FROM approval a WHERE a.tenant_id = $1 AND a.status = 'running' AND a.due_at <= $3 ORDER BY a.due_at LIMIT 500"
            ),
            args![now],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// Cases in which a person is asked.
pub async fn asking(q: &mut impl Query, person: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<IdRow> = q
        .all(
            sql!(
                "SELECT DISTINCT k.approval_id AS id FROM approval_ask k WHERE k.tenant_id = $1 AND k.employee_id = $3"
            ),
            args![person],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

db::row! { pub struct LeftRow { approval_id: Uuid, employee_id: Uuid } }

/// Asks of people who do not work here any more.
pub async fn left(q: &mut impl Query) -> Result<Vec<LeftRow>> {
    q.all(
        sql!(
            "SELECT DISTINCT k.approval_id, k.employee_id FROM approval_ask k \
             JOIN employee e ON e.tenant_id = k.tenant_id AND e.id = k.employee_id WHERE k.tenant_id = $1 AND e.status <> 'active'"
        ),
        vec![],
    )
    .await
}

/// That a person was asked, took part or did something, and what he said.
pub async fn forget_part(tx: &mut Tx, person: Uuid) -> Result<()> {
    for statement in [
        sql!("DELETE FROM approval_ask WHERE tenant_id = $1 AND employee_id = $3"),
        sql!("DELETE FROM approval_part WHERE tenant_id = $1 AND employee_id = $3"),
        sql!("DELETE FROM approval_action WHERE tenant_id = $1 AND employee_id = $3"),
        sql!("UPDATE approval_trail SET comment = NULL WHERE tenant_id = $1 AND employee_id = $3"),
    ] {
        tx.exec(statement, args![person]).await?;
    }
    Ok(())
}

db::row! { pub struct FactsRow { id: Uuid, facts: String } }

/// What formulas knew of a requester, case by case.
pub async fn facts_of(q: &mut impl Query, person: Uuid) -> Result<Vec<FactsRow>> {
    q.all(sql!("SELECT id, facts FROM approval WHERE tenant_id = $1 AND employee_id = $3"), args![person])
        .await
}

pub async fn set_facts(tx: &mut Tx, id: Uuid, facts: &str) -> Result<u64> {
    tx.exec(sql!("UPDATE approval SET facts = $4 WHERE tenant_id = $1 AND id = $3"), args![id, facts]).await
}

db::row! { pub struct NamingRow { id: Uuid, content: String } }

/// Cases whose content names a person.
pub async fn naming(q: &mut impl Query, person: Uuid) -> Result<Vec<NamingRow>> {
    q.all(
        sql!("SELECT id, content FROM approval WHERE tenant_id = $1 AND content LIKE $3"),
        args![format!("%\"{person}\"%")],
    )
    .await
}
