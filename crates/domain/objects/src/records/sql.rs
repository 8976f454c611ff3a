//! Statements on records, their values and edits. `$4` of the lists is how far the reader sees: 0 his own, 1 his
//! departments, 2 the company.

use base::{LocalDay, Micros};
use custom::{Condition, filter, values::Item};
use db::{Query, Result, Tx, Val, args, sql};
use uuid::Uuid;

use crate::grants::Sight;

db::row! { pub struct RecordRow {
    id: Uuid, code: String, title: String, employee_id: Uuid, owner_name: String, department_id: Uuid, department_name: String,
    created_by: Uuid, number: i64, answers: String, score: Option<f64>, day: LocalDay, created_at: Micros, changed_at: Micros, edits: i64,
    version: i64, approval_id: Option<Uuid>, approval_status: Option<String>, sn: f64, st: String
} }

macro_rules! columns {
    () => {
        "SELECT r.id, r.code, r.title, r.employee_id, e.name AS owner_name, r.department_id, d.name AS department_name, r.created_by, \
         r.number, r.answers, r.score, r.day, r.created_at, r.changed_at, r.edits, r.version, ap.id AS approval_id, ap.status AS approval_status, "
    };
}

macro_rules! joins {
    () => {
        "FROM object_record r JOIN employee e ON e.tenant_id = r.tenant_id AND e.id = r.employee_id \
         JOIN department d ON d.tenant_id = r.tenant_id AND d.id = r.department_id \
         LEFT JOIN approval ap ON ap.tenant_id = r.tenant_id AND ap.subject_kind = 'object' AND ap.record_id = r.id "
    };
}

macro_rules! seen {
    () => {
        "r.tenant_id = $1 AND r.object_id = $3 AND r.deleted_at IS NULL AND ($4 = 2 OR r.employee_id = $2 OR ($4 = 1 AND r.department_id IN \
         (SELECT k.department_id FROM department_reach k WHERE k.tenant_id = $1 AND k.employee_id = $2 \
          UNION SELECT c.descendant_id FROM department_closure c JOIN employee m ON m.tenant_id = c.tenant_id AND m.department_id = c.ancestor_id \
          WHERE c.tenant_id = $1 AND m.id = $2))) "
    };
}

macro_rules! filtered {
    () => {
        concat!(
            "WHERE ",
            seen!(),
            "AND ($5 IS NULL OR r.search LIKE $5) AND ($6 IS NULL OR r.employee_id = $6) \
             AND ($7 IS NULL OR r.department_id IN (SELECT x.descendant_id FROM department_closure x WHERE x.tenant_id = $1 AND x.ancestor_id = $7)) \
             AND ($8 IS NULL OR r.day >= $8) AND ($9 IS NULL OR r.day <= $9) ",
            custom::condition!("object_value", "r.id", "$10", "$11", "$12", "$13", "$14", "$15", "$16", "$17"),
            custom::condition!("object_value", "r.id", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25"),
            custom::condition!("object_value", "r.id", "$26", "$27", "$28", "$29", "$30", "$31", "$32", "$33"),
            custom::condition!("object_value", "r.id", "$34", "$35", "$36", "$37", "$38", "$39", "$40", "$41")
        )
    };
}

macro_rules! sorted {
    ($tail:literal) => {
        concat!(
            "SELECT x.* FROM (",
            columns!(),
            "CASE WHEN $42 = 'created' THEN CAST(r.created_at AS DOUBLE PRECISION) WHEN $42 = 'changed' THEN CAST(r.changed_at AS DOUBLE PRECISION) \
             WHEN $42 = 'number' THEN COALESCE(s.number, CAST(-1e300 AS DOUBLE PRECISION)) ELSE CAST(0 AS DOUBLE PRECISION) END AS sn, \
             CASE WHEN $42 = 'code' THEN r.code WHEN $42 = 'title' THEN r.title WHEN $42 = 'owner' THEN e.name WHEN $42 = 'text' THEN COALESCE(s.text, '') \
             ELSE '' END AS st ",
            joins!(),
            "LEFT JOIN object_value s ON s.tenant_id = r.tenant_id AND s.record_id = r.id AND s.field = $43 AND s.place = 0 ",
            filtered!(),
            ") x ",
            $tail
        )
    };
}

/// Filters of the list.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub q: Option<String>,
    pub employee_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub day_from: Option<LocalDay>,
    pub day_to: Option<LocalDay>,
    pub conditions: Vec<Condition>,
}

/// Order of the list.
#[derive(Debug, Clone)]
pub struct Sort {
    /// created, changed, code, title, owner; number or text of `field`.
    pub by: &'static str,
    pub field: Option<String>,
    pub down: bool,
}

/// Sort key of a row: its number as bits, so that it comes back as it went; its text; its id.
pub type Key = (i64, String, Uuid);

pub fn key(row: &RecordRow) -> Key {
    (row.sn.to_bits().cast_signed(), row.st.clone(), row.id)
}

/// How far a reader sees, for statements; `None` when he sees nothing.
fn seen(sight: Sight) -> Option<i64> {
    match sight {
        Sight::None => None,
        Sight::Own => Some(0),
        Sight::Departments => Some(1),
        Sight::Company => Some(2),
    }
}

fn filter_args(object: Uuid, seen: i64, f: &Filter) -> Vec<Val> {
    let mut all = args![
        object,
        seen,
        f.q.as_deref().map(filter::like),
        f.employee_id,
        f.department_id,
        f.day_from,
        f.day_to
    ];
    all.extend(filter::slots(&f.conditions));
    all
}

/// Records a reader sees, after the one with the given sort key.
pub async fn list(
    q: &mut impl Query,
    object: Uuid,
    sight: Sight,
    f: &Filter,
    sort: &Sort,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<RecordRow>> {
    let Some(seen) = seen(sight) else { return Ok(vec![]) };
    let (bits, text, id) = match after {
        Some((bits, text, id)) => (Some(f64::from_bits(bits.cast_unsigned())), Some(text), Some(id)),
        None => (None, None, None),
    };
    let mut all = filter_args(object, seen, f);
    all.extend(args![sort.by, sort.field.clone(), bits, text, id, limit]);
    let statement = match sort.down {
        true => sql!(sorted!(
            "WHERE ($44 IS NULL OR x.sn < $44 OR (x.sn = $44 AND (x.st < $45 OR (x.st = $45 AND x.id < $46)))) \
             ORDER BY x.sn DESC, x.st DESC, x.id DESC LIMIT $47"
        )),
        false => sql!(sorted!(
            "WHERE ($44 IS NULL OR x.sn > $44 OR (x.sn = $44 AND (x.st > $45 OR (x.st = $45 AND x.id > $46)))) \
             ORDER BY x.sn, x.st, x.id LIMIT $47"
        )),
    };
    q.all(statement, all).await
}

pub async fn count(q: &mut impl Query, object: Uuid, sight: Sight, f: &Filter) -> Result<i64> {
    let Some(seen) = seen(sight) else { return Ok(0) };
    let row: (i64,) = q
        .must(
            sql!(concat!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM object_record r ", filtered!())),
            filter_args(object, seen, f),
        )
        .await?;
    Ok(row.0)
}

/// By what records are summed up.
pub struct Grouping<'a> {
    /// owner, department, month, approval, or field.
    pub by: &'a str,
    pub field: Option<&'a str>,
    /// Key of the field that is summed.
    pub sum: Option<&'a str>,
}

db::row! { pub struct GroupRow { gid: Option<Uuid>, word: String, n: i64, answered: i64, total: Option<f64> } }

/// Records by group, largest first.
pub async fn groups(
    q: &mut impl Query,
    object: Uuid,
    sight: Sight,
    f: &Filter,
    of: &Grouping<'_>,
    limit: i64,
) -> Result<Vec<GroupRow>> {
    let Some(seen) = seen(sight) else { return Ok(vec![]) };
    let mut all = filter_args(object, seen, f);
    all.extend(args![of.by, of.field, of.sum, limit]);
    q.all(
        sql!(concat!(
            "SELECT x.gid, x.word, CAST(COUNT(*) AS BIGINT) AS n, CAST(COUNT(x.number) AS BIGINT) AS answered, SUM(x.number) AS total FROM (\
             SELECT CASE WHEN $42 = 'owner' THEN r.employee_id WHEN $42 = 'department' THEN r.department_id ELSE NULL END AS gid, \
             CASE WHEN $42 = 'owner' THEN e.name WHEN $42 = 'department' THEN d.name WHEN $42 = 'month' THEN SUBSTR(CAST(r.day AS TEXT), 1, 6) \
             WHEN $42 = 'approval' THEN COALESCE(ap.status, '') ELSE COALESCE(g.text, '') END AS word, s.number AS number ",
            joins!(),
            "LEFT JOIN object_value g ON g.tenant_id = r.tenant_id AND g.record_id = r.id AND g.field = $43 \
             LEFT JOIN object_value s ON s.tenant_id = r.tenant_id AND s.record_id = r.id AND s.field = $44 AND s.place = 0 ",
            filtered!(),
            ") x GROUP BY x.gid, x.word ORDER BY n DESC, x.word, x.gid LIMIT $45"
        )),
        all,
    )
    .await
}

/// A record the reader sees; `None` when it is unknown, deleted, or not for him.
pub async fn one(q: &mut impl Query, object: Uuid, sight: Sight, id: Uuid) -> Result<Option<RecordRow>> {
    let Some(seen) = seen(sight) else { return Ok(None) };
    q.one(
        sql!(concat!(
            columns!(),
            "CAST(0 AS DOUBLE PRECISION) AS sn, '' AS st ",
            joins!(),
            "WHERE ",
            seen!(),
            "AND r.id = $5"
        )),
        args![object, seen, id],
    )
    .await
}

db::row! { pub struct Standing { code: String, title: String, number: i64, answers: String, created_by: Uuid } }

/// A record as it stands, whoever asks.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<Standing>> {
    q.one(
        sql!(
            "SELECT r.code, r.title, r.number, r.answers, r.created_by FROM object_record r \
             WHERE r.tenant_id = $1 AND r.id = $3 AND r.deleted_at IS NULL"
        ),
        args![id],
    )
    .await
}

db::row! { pub struct Known { object_id: Uuid, sha256: String } }

/// What is known of an id, whoever may see it.
pub async fn known(q: &mut impl Query, id: Uuid) -> Result<Option<Known>> {
    q.one(
        sql!("SELECT r.object_id, r.sha256 FROM object_record r WHERE r.tenant_id = $1 AND r.id = $3"),
        args![id],
    )
    .await
}

/// Is a number given already?
pub async fn code_given(q: &mut impl Query, object: Uuid, code: &str) -> Result<bool> {
    let row: Option<(Uuid,)> = q
        .one(
            sql!(
                "SELECT r.id FROM object_record r WHERE r.tenant_id = $1 AND r.object_id = $3 AND r.code = $4"
            ),
            args![object, code],
        )
        .await?;
    Ok(row.is_some())
}

/// What is written of a new record.
pub struct NewRecord<'a> {
    pub id: Uuid,
    pub object: Uuid,
    pub number: i64,
    pub employee: Uuid,
    pub department: Uuid,
    pub answers: &'a str,
    pub score: Option<f64>,
    pub sha256: &'a str,
    pub day: LocalDay,
    pub filled_at: Micros,
}

/// Under its id instead of a number: the same record sent twice at once waits here for the other. False when the id is
/// known.
pub async fn insert(tx: &mut Tx, r: &NewRecord<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO object_record (tenant_id, id, object_id, number, code, title, search, employee_id, department_id, created_by, \
                 answers, score, sha256, day, filled_at, created_at, changed_at, edits, version) \
                 VALUES ($1, $3, $4, $5, $13, '', '', $6, $7, $2, $8, $9, $10, $11, $12, $14, $14, 0, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                r.id, r.object, r.number, r.employee, r.department, r.answers, r.score, r.sha256, r.day, r.filled_at, r.id.to_string(), now
            ],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn name(tx: &mut Tx, id: Uuid, code: &str, title: &str, search: &str) -> Result<u64> {
    tx.exec(
        sql!("UPDATE object_record SET code = $4, title = $5, search = $6 WHERE tenant_id = $1 AND id = $3"),
        args![id, code, title, search],
    )
    .await
}

/// Writes the values of a record anew.
pub async fn set_values(tx: &mut Tx, record: Uuid, items: &[Item]) -> Result<()> {
    tx.exec(sql!("DELETE FROM object_value WHERE tenant_id = $1 AND record_id = $3"), args![record]).await?;
    for item in items {
        tx.exec(
            sql!(
                "INSERT INTO object_value (tenant_id, record_id, field, place, text, number, target_id) VALUES ($1, $3, $4, $5, $6, $7, $8)"
            ),
            args![record, &item.field, item.place, &item.text, item.number, item.target],
        )
        .await?;
    }
    Ok(())
}

/// What a change writes.
pub struct Changed<'a> {
    pub number: i64,
    pub employee: Uuid,
    pub department: Uuid,
    pub answers: &'a str,
    pub score: Option<f64>,
    pub title: &'a str,
    pub search: &'a str,
}

/// False when somebody else changed it since `version`.
pub async fn update(tx: &mut Tx, id: Uuid, version: i64, c: &Changed<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE object_record SET number = $5, employee_id = $6, department_id = $7, answers = $8, score = $9, title = $10, search = $11, \
                 changed_at = $12, edits = edits + 1, version = version + 1 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, c.number, c.employee, c.department, c.answers, c.score, c.title, c.search, now],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn delete(tx: &mut Tx, id: Uuid, version: i64) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE object_record SET deleted_at = $5, edits = edits + 1, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn insert_edit(tx: &mut Tx, row: &RecordRow, kind: &str, reason: &str) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO object_edit (tenant_id, id, record_id, employee_id, kind, by_id, at, reason, number, before) \
             VALUES ($1, $3, $4, $5, $6, $2, $7, $8, $9, $10)"
        ),
        args![base::id::new_v7(), row.id, row.employee_id, kind, now, reason, row.number, &row.answers],
    )
    .await
}

db::row! { pub struct EditRow {
    kind: String, by_id: Uuid, by_name: String, at: Micros, reason: String, owner_id: Uuid, owner_name: String, number: i64, before: String
} }

/// Changes of a record, newest first. The caller has checked the record.
pub async fn edits(q: &mut impl Query, record: Uuid) -> Result<Vec<EditRow>> {
    q.all(
        sql!(
            "SELECT x.kind, x.by_id, b.name AS by_name, x.at, x.reason, x.employee_id AS owner_id, o.name AS owner_name, x.number, x.before \
             FROM object_edit x JOIN employee b ON b.tenant_id = x.tenant_id AND b.id = x.by_id \
             JOIN employee o ON o.tenant_id = x.tenant_id AND o.id = x.employee_id \
             WHERE x.tenant_id = $1 AND x.record_id = $3 ORDER BY x.at DESC, x.id DESC"
        ),
        args![record],
    )
    .await
}

db::row! { pub struct LinkRow { id: Uuid, code: String, title: String, employee_id: Uuid, owner_name: String, created_at: Micros } }

/// Records of an object that refer to something, newest first.
pub async fn links(
    q: &mut impl Query,
    object: Uuid,
    sight: Sight,
    to: Uuid,
    limit: i64,
) -> Result<Vec<LinkRow>> {
    let Some(seen) = seen(sight) else { return Ok(vec![]) };
    q.all(
        sql!(concat!(
            "SELECT r.id, r.code, r.title, r.employee_id, e.name AS owner_name, r.created_at ",
            joins!(),
            "WHERE ",
            seen!(),
            "AND r.id IN (SELECT v.record_id FROM object_value v WHERE v.tenant_id = $1 AND v.target_id = $5) \
             ORDER BY r.created_at DESC, r.id DESC LIMIT $6"
        )),
        args![object, seen, to, limit],
    )
    .await
}

db::row! { pub struct Erasable { id: Uuid, answers: String } }

/// Answers of a person's records and of those he made, to take places out.
pub async fn erasable(q: &mut impl Query, person: Uuid) -> Result<Vec<Erasable>> {
    q.all(
        sql!(
            "SELECT r.id, r.answers FROM object_record r WHERE r.tenant_id = $1 AND (r.employee_id = $3 OR r.created_by = $3)"
        ),
        args![person],
    )
    .await
}

pub async fn erase_answers(tx: &mut Tx, id: Uuid, answers: &str) -> Result<u64> {
    tx.exec(
        sql!("UPDATE object_record SET answers = $4, version = version + 1 WHERE tenant_id = $1 AND id = $3"),
        args![id, answers],
    )
    .await
}

/// What his records said before goes whole.
pub async fn erase_edits(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "DELETE FROM object_edit WHERE tenant_id = $1 AND (employee_id = $3 OR record_id IN \
             (SELECT r.id FROM object_record r WHERE r.tenant_id = $1 AND (r.employee_id = $3 OR r.created_by = $3)))"
        ),
        args![person],
    )
    .await
}
