//! Statements on places, rules and kinds of leave.

use base::{LocalDay, Problem};
use db::{Query, Result, Tx, args, sql};
use geo::LngLat;
use org::Ref;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{LeaveType, PunchPlace, PunchRule};

/// The stored word of a choice.
fn key<T: Serialize>(value: T) -> String {
    json!(value).as_str().unwrap_or_default().to_owned()
}

fn choice<T: DeserializeOwned>(key: String) -> Result<T> {
    serde_json::from_value(Value::String(key)).map_err(Problem::internal)
}

fn named(id: Option<Uuid>, name: Option<String>) -> Option<Ref> {
    id.map(|id| Ref { id, name: name.unwrap_or_default() })
}

db::row! { struct PlaceRow {
    id: Uuid, name: String, lng: i64, lat: i64, radius_m: i64, department_id: Option<Uuid>, department: Option<String>, retired: bool, version: i64
} }

pub async fn places(q: &mut impl Query) -> Result<Vec<PunchPlace>> {
    let rows: Vec<PlaceRow> = q
        .all(
            sql!(
                "SELECT p.id, p.name, p.lng, p.lat, p.radius_m, p.department_id, d.name AS department, p.retired, p.version FROM punch_place p \
                 LEFT JOIN department d ON d.tenant_id = p.tenant_id AND d.id = p.department_id WHERE p.tenant_id = $1 ORDER BY p.retired, p.id"
            ),
            vec![],
        )
        .await?;
    let place = |r: PlaceRow| {
        Ok(PunchPlace {
            id: r.id,
            name: r.name,
            at: LngLat::from_e7(r.lng, r.lat).map_err(Problem::internal)?,
            radius_m: r.radius_m,
            department: named(r.department_id, r.department),
            retired: r.retired,
            version: r.version,
        })
    };
    rows.into_iter().map(place).collect()
}

/// False when the id is taken.
pub async fn insert_place(tx: &mut Tx, p: &PunchPlace) -> Result<bool> {
    let ((lng, lat), department) = (p.at.e7(), p.department.as_ref().map(|d| d.id));
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO punch_place (tenant_id, id, name, lng, lat, radius_m, department_id, retired, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, 0, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![p.id, &p.name, lng, lat, p.radius_m, department],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since.
pub async fn update_place(tx: &mut Tx, p: &PunchPlace) -> Result<bool> {
    let ((lng, lat), department) = (p.at.e7(), p.department.as_ref().map(|d| d.id));
    let rows = tx
        .exec(
            sql!(
                "UPDATE punch_place SET name = $4, lng = $5, lat = $6, radius_m = $7, department_id = $8, retired = $9, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $10"
            ),
            args![p.id, &p.name, lng, lat, p.radius_m, department, p.retired, p.version],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct RuleRow {
    id: Uuid, department_id: Option<Uuid>, department: Option<String>, within: String, outside: String, visit_counts: bool, photo: bool, window_minutes: i64,
    must_from: Option<LocalDay>, version: i64
} }

/// The company's rule first.
pub async fn rules(q: &mut impl Query) -> Result<Vec<PunchRule>> {
    let rows: Vec<RuleRow> = q
        .all(
            sql!(
                "SELECT r.id, r.department_id, d.name AS department, r.within, r.outside, r.visit_counts, r.photo, r.window_minutes, r.must_from, r.version FROM punch_rule r \
                 LEFT JOIN department d ON d.tenant_id = r.tenant_id AND d.id = r.department_id WHERE r.tenant_id = $1 ORDER BY r.id"
            ),
            vec![],
        )
        .await?;
    let rule = |r: RuleRow| {
        Ok(PunchRule {
            id: r.id,
            department: named(r.department_id, r.department),
            within: choice(r.within)?,
            outside: choice(r.outside)?,
            visit_counts: r.visit_counts,
            photo: r.photo,
            window_minutes: r.window_minutes,
            must_from: r.must_from,
            version: r.version,
        })
    };
    let mut all: Vec<PunchRule> = rows.into_iter().map(rule).collect::<Result<_>>()?;
    all.sort_by_key(|r| r.department.is_some());
    Ok(all)
}

/// Puts a rule in the place of the one with its id.
pub async fn put_rule(tx: &mut Tx, r: &PunchRule) -> Result<u64> {
    let department = r.department.as_ref().map(|d| d.id);
    tx.exec(
        sql!(
            "INSERT INTO punch_rule (tenant_id, id, department_id, within, outside, visit_counts, window_minutes, must_from, photo, version) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, 1) ON CONFLICT (tenant_id, id) DO UPDATE SET within = EXCLUDED.within, \
             outside = EXCLUDED.outside, visit_counts = EXCLUDED.visit_counts, window_minutes = EXCLUDED.window_minutes, \
             must_from = EXCLUDED.must_from, photo = EXCLUDED.photo, version = punch_rule.version + 1"
        ),
        args![r.id, department, key(r.within), key(r.outside), r.visit_counts, r.window_minutes, r.must_from, r.photo],
    )
    .await
}

pub async fn delete_rule(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let rows = tx.exec(sql!("DELETE FROM punch_rule WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
    Ok(rows == 1)
}

db::row! { struct TypeRow {
    id: Uuid, name: String, name_en: String, balanced: bool, paid: bool, unit: String, retired: bool, version: i64
} }

pub async fn leave_types(q: &mut impl Query) -> Result<Vec<LeaveType>> {
    let rows: Vec<TypeRow> = q
        .all(
            sql!(
                "SELECT t.id, t.name, t.name_en, t.balanced, t.paid, t.unit, t.retired, t.version FROM leave_type t \
                 WHERE t.tenant_id = $1 ORDER BY t.retired, t.id"
            ),
            vec![],
        )
        .await?;
    let kind = |r: TypeRow| {
        Ok(LeaveType {
            id: r.id,
            name: r.name,
            name_en: r.name_en,
            balanced: r.balanced,
            paid: r.paid,
            unit: choice(r.unit)?,
            retired: r.retired,
            version: r.version,
        })
    };
    rows.into_iter().map(kind).collect()
}

/// False when the id is taken.
pub async fn insert_type(tx: &mut Tx, t: &LeaveType) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO leave_type (tenant_id, id, name, name_en, balanced, paid, unit, retired, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, 0, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![t.id, &t.name, &t.name_en, t.balanced, t.paid, key(t.unit)],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since.
pub async fn update_type(tx: &mut Tx, t: &LeaveType) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE leave_type SET name = $4, name_en = $5, balanced = $6, paid = $7, unit = $8, retired = $9, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $10"
            ),
            args![t.id, &t.name, &t.name_en, t.balanced, t.paid, key(t.unit), t.retired, t.version],
        )
        .await?;
    Ok(rows == 1)
}
