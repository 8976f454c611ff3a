use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use crate::photo::sql::Known;

/// Another photo and how it is like this one.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub other: Uuid,
    pub how: &'static str,
    /// Per mille.
    pub difference: u32,
}

db::row! { pub(crate) struct PrintRow { photo_id: Uuid, visit_id: Uuid, prints: Vec<u8> } }

/// Prints of the newest photos.
pub(crate) async fn newest(q: &mut impl Query, limit: i64) -> Result<Vec<PrintRow>> {
    q.all(
        sql!("SELECT photo_id, visit_id, prints FROM photo_print WHERE tenant_id = $1 ORDER BY at DESC, photo_id LIMIT $3"),
        args![limit],
    )
    .await
}

db::row! { struct Other { id: Uuid } }

/// Earlier photos with the same bytes.
pub(crate) async fn same_file(q: &mut impl Query, photo: &Known) -> Result<Vec<Found>> {
    let rows: Vec<Other> = q
        .all(
            sql!(
                "SELECT id FROM photo WHERE tenant_id = $1 AND sha256 = $3 AND id <> $4 ORDER BY id LIMIT 10"
            ),
            args![&photo.sha256, photo.id],
        )
        .await?;
    Ok(rows.into_iter().map(|o| Found { other: o.id, how: "same_file", difference: 0 }).collect())
}

pub(crate) async fn insert_prints(tx: &mut Tx, photo: &Known, prints: &[u8]) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO photo_print (tenant_id, photo_id, visit_id, at, prints) VALUES ($1, $3, $4, $5, $6) \
             ON CONFLICT (tenant_id, photo_id) DO NOTHING"
        ),
        args![photo.id, photo.visit_id, now, prints],
    )
    .await
}

pub(crate) async fn insert_match(tx: &mut Tx, photo: Uuid, found: &Found) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO photo_match (tenant_id, photo_id, other_id, how, difference, found_at) VALUES ($1, $3, $4, $5, $6, $7) \
             ON CONFLICT (tenant_id, photo_id, other_id) DO NOTHING"
        ),
        args![photo, found.other, found.how, found.difference, now],
    )
    .await
}

db::row! { pub(crate) struct MatchRow {
    photo_id: Uuid, how: String, difference: i64, other_id: Option<Uuid>, other_visit: Option<Uuid>, employee_id: Option<Uuid>,
    employee_name: Option<String>, customer_id: Option<Uuid>, customer_name: Option<String>, taken_at: Option<Micros>
} }

/// What the photos of a visit in reach are like; the other photo only where it is in reach as well.
pub(crate) async fn of_visit(q: &mut impl Query, visit: Uuid) -> Result<Vec<MatchRow>> {
    q.all(
        sql!(
            "SELECT m.photo_id, m.how, m.difference, o.id AS other_id, o.visit_id AS other_visit, e.id AS employee_id, \
             e.name AS employee_name, c.id AS customer_id, c.name AS customer_name, r.taken_at FROM photo_match m \
             JOIN photo p ON p.tenant_id = m.tenant_id AND p.id = m.photo_id \
             LEFT JOIN photo o ON o.tenant_id = m.tenant_id AND o.id = m.other_id AND {reach:o} \
             LEFT JOIN visit_photo r ON r.tenant_id = o.tenant_id AND r.id = o.id \
             LEFT JOIN employee e ON e.tenant_id = o.tenant_id AND e.id = o.employee_id \
             LEFT JOIN visit v ON v.tenant_id = o.tenant_id AND v.id = o.visit_id \
             LEFT JOIN customer c ON c.tenant_id = v.tenant_id AND c.id = v.customer_id \
             WHERE m.tenant_id = $1 AND p.visit_id = $3 AND {reach:p} ORDER BY m.photo_id, m.difference, m.other_id"
        ),
        args![visit],
    )
    .await
}
