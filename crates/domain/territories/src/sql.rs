use base::{Micros, Problem};
use db::{Query, Result, Tx, args, sql};
use geo::LngLat;
use org::Ref;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::model::{Asked, By, DivisionLine, Outcome};

db::row! { pub struct TerritoryRow {
    id: Uuid, name: String, colour: i64, employee_id: Option<Uuid>, employee_name: Option<String>, department_id: Uuid,
    department_name: String, shape: Option<String>, version: i64
} }

pub fn parsed<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Problem::internal)
}

impl TerritoryRow {
    pub fn corners(&self) -> Result<Option<Vec<LngLat>>> {
        self.shape.as_deref().map(parsed).transpose()
    }

    pub fn responsible(&self) -> Option<Ref> {
        self.employee_id.zip(self.employee_name.clone()).map(|(id, name)| Ref { id, name })
    }
}

macro_rules! territory_columns {
    ($tail:literal) => {
        concat!(
            "SELECT t.id, t.name, t.colour, t.employee_id, e.name AS employee_name, t.department_id, d.name AS department_name, t.shape, t.version \
             FROM territory t JOIN department d ON d.tenant_id = t.tenant_id AND d.id = t.department_id \
             LEFT JOIN employee e ON e.tenant_id = t.tenant_id AND e.id = t.employee_id WHERE t.tenant_id = $1 AND {reach:t} ",
            $tail
        )
    };
}

/// Territories in reach, oldest first.
pub async fn all(q: &mut impl Query) -> Result<Vec<TerritoryRow>> {
    q.all(sql!(territory_columns!("ORDER BY t.id")), vec![]).await
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<TerritoryRow> {
    q.must(sql!(territory_columns!("AND t.id = $3")), args![id]).await
}

/// What is written of a territory.
pub struct Written {
    pub id: Uuid,
    pub name: String,
    pub colour: i64,
    pub employee: Option<Uuid>,
    pub department: Uuid,
    pub shape: Option<String>,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, w: &Written) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO territory (tenant_id, id, name, colour, employee_id, department_id, shape, created_at, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![w.id, &w.name, w.colour, w.employee, w.department, &w.shape, tx.now()],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update(tx: &mut Tx, w: &Written, version: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE territory SET name = $4, colour = $5, employee_id = $6, department_id = $7, shape = $8, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $9"
            ),
            args![w.id, &w.name, w.colour, w.employee, w.department, &w.shape, version],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn delete(tx: &mut Tx, id: Uuid, version: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!("DELETE FROM territory WHERE tenant_id = $1 AND id = $3 AND version = $4"),
            args![id, version],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { pub struct DivisionRow {
    id: Uuid, employee_id: Uuid, employee_name: String, department_id: Uuid, asked: String, outcome: String, status: String,
    reason: Option<String>, created_at: Micros, taken_at: Option<Micros>, taken_id: Option<Uuid>, taken_name: Option<String>,
    version: i64
} }

impl DivisionRow {
    pub fn question(&self) -> Result<Asked> {
        parsed(&self.asked)
    }

    pub fn outcome(&self) -> Result<Outcome> {
        parsed(&self.outcome)
    }

    pub fn made_by(&self) -> Ref {
        Ref { id: self.employee_id, name: self.employee_name.clone() }
    }

    pub fn taken_by(&self) -> Option<Ref> {
        self.taken_id.zip(self.taken_name.clone()).map(|(id, name)| Ref { id, name })
    }
}

db::row! { struct LineRow {
    id: Uuid, employee_id: Uuid, employee_name: String, status: String, reason: Option<String>, created_at: Micros,
    taken_at: Option<Micros>, taken_id: Option<Uuid>, taken_name: Option<String>, asked_by: Option<String>, people: Option<i64>,
    customers: Option<i64>, moves: Option<i64>, deviation_permille: Option<i64>, asked: Option<String>, outcome: Option<String>
} }

/// What a list says of a division.
pub struct Summary {
    by: By,
    people: i64,
    customers: i64,
    moves: i64,
    deviation_permille: i64,
}

impl Summary {
    pub fn of(asked: &Asked, outcome: &Outcome) -> Summary {
        Summary {
            by: asked.by,
            people: outcome.seats.len() as i64,
            customers: outcome.given.len() as i64,
            moves: outcome.moves().count() as i64,
            deviation_permille: outcome.deviation_permille,
        }
    }
}

impl LineRow {
    fn summary(&self) -> Result<Summary> {
        let kept = self.asked_by.as_deref().zip(self.people).zip(self.customers.zip(self.moves));
        if let Some(((by, people), (customers, moves))) = kept {
            let by = if by == "territories" { By::Territories } else { By::Work };
            let deviation_permille = self.deviation_permille.unwrap_or(0);
            return Ok(Summary { by, people, customers, moves, deviation_permille });
        }
        // From before there were summaries: counted out of all it holds.
        let whole = self.asked.as_deref().zip(self.outcome.as_deref());
        let (asked, outcome) = whole.ok_or_else(|| Problem::internal("a division without content"))?;
        Ok(Summary::of(&parsed(asked)?, &parsed(outcome)?))
    }

    fn shown(self) -> Result<DivisionLine> {
        let s = self.summary()?;
        Ok(DivisionLine {
            id: self.id,
            by: s.by,
            status: self.status,
            made_by: Ref { id: self.employee_id, name: self.employee_name },
            made_at: self.created_at,
            taken_by: self.taken_id.zip(self.taken_name).map(|(id, name)| Ref { id, name }),
            taken_at: self.taken_at,
            reason: self.reason,
            people: s.people,
            customers: s.customers,
            moves: s.moves,
            deviation_permille: s.deviation_permille,
        })
    }
}

macro_rules! division_columns {
    ($tail:literal) => {
        concat!(
            "SELECT v.id, v.employee_id, e.name AS employee_name, v.department_id, v.asked, v.outcome, v.status, v.reason, v.created_at, \
             v.taken_at, b.id AS taken_id, b.name AS taken_name, v.version \
             FROM territory_division v JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.employee_id \
             LEFT JOIN employee b ON b.tenant_id = v.tenant_id AND b.id = v.taken_by WHERE v.tenant_id = $1 AND {reach:v} ",
            $tail
        )
    };
}

pub async fn division(q: &mut impl Query, id: Uuid) -> Result<DivisionRow> {
    q.must(sql!(division_columns!("AND v.id = $3")), args![id]).await
}

/// Those taken over, newest first.
pub async fn taken(q: &mut impl Query, limit: i64) -> Result<Vec<DivisionLine>> {
    let rows: Vec<LineRow> = q
        .all(
            sql!(
                "SELECT v.id, v.employee_id, e.name AS employee_name, v.status, v.reason, v.created_at, v.taken_at, b.id AS taken_id, \
                 b.name AS taken_name, s.asked_by, s.people, s.customers, s.moves, s.deviation_permille, \
                 CASE WHEN s.division_id IS NULL THEN v.asked END AS asked, CASE WHEN s.division_id IS NULL THEN v.outcome END AS outcome \
                 FROM territory_division v JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.employee_id \
                 LEFT JOIN employee b ON b.tenant_id = v.tenant_id AND b.id = v.taken_by \
                 LEFT JOIN territory_division_summary s ON s.tenant_id = v.tenant_id AND s.division_id = v.id \
                 WHERE v.tenant_id = $1 AND {reach:v} AND v.status = 'taken' ORDER BY v.taken_at DESC, v.id DESC LIMIT $3"
            ),
            args![limit],
        )
        .await?;
    rows.into_iter().map(LineRow::shown).collect()
}

/// Keeps a proposal; the older ones of the same person that came to nothing go.
pub async fn insert_division(
    tx: &mut Tx,
    id: Uuid,
    department: Uuid,
    asked: &str,
    outcome: &str,
    summary: &Summary,
) -> Result<()> {
    tx.exec(
        sql!(
            "DELETE FROM territory_division_summary WHERE tenant_id = $1 AND division_id IN \
             (SELECT v.id FROM territory_division v WHERE v.tenant_id = $1 AND v.employee_id = $2 AND v.status = 'draft')"
        ),
        vec![],
    )
    .await?;
    tx.exec(
        sql!("DELETE FROM territory_division WHERE tenant_id = $1 AND employee_id = $2 AND status = 'draft'"),
        vec![],
    )
    .await?;
    tx.exec(
        sql!(
            "INSERT INTO territory_division (tenant_id, id, employee_id, department_id, asked, outcome, status, created_at, version) \
             VALUES ($1, $3, $2, $4, $5, $6, 'draft', $7, 1)"
        ),
        args![id, department, asked, outcome, tx.now()],
    )
    .await?;
    let by = if summary.by == By::Territories { "territories" } else { "work" };
    tx.exec(
        sql!(
            "INSERT INTO territory_division_summary (tenant_id, division_id, asked_by, people, customers, moves, deviation_permille) \
             VALUES ($1, $3, $4, $5, $6, $7, $8)"
        ),
        args![id, by, summary.people, summary.customers, summary.moves, summary.deviation_permille],
    )
    .await
    .map(drop)
}

/// False when it was taken over before.
pub async fn set_taken(tx: &mut Tx, id: Uuid, version: i64, reason: &str) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE territory_division SET status = 'taken', reason = $5, taken_at = $6, taken_by = $2, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4 AND status = 'draft'"
            ),
            args![id, version, reason, tx.now()],
        )
        .await?;
    Ok(rows == 1)
}
