use std::collections::BTreeMap;

use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use super::{DutyEntry, DutyKind, NewEntry};
use crate::Ref;

db::row! { pub struct EntryRow {
    id: Uuid, employee_id: Uuid, kind: String, from_at: Micros, to_at: Option<Micros>, from_day: LocalDay, to_day: LocalDay,
    note: Option<String>, created_by: Uuid, created_at: Micros, changed_at: Micros, revoked_at: Option<Micros>
} }

impl EntryRow {
    /// As it is shown, with the name of who made it.
    pub async fn shown(self, q: &mut impl Query) -> Result<DutyEntry> {
        let by = crate::by_ids(q, &[self.created_by]).await?.pop();
        Ok(DutyEntry {
            id: self.id,
            employee_id: self.employee_id,
            kind: DutyKind::from_key(&self.kind),
            from: self.from_at,
            to: self.to_at,
            note: self.note,
            created_by: Ref { id: self.created_by, name: by.map(|p| p.name).unwrap_or_default() },
            created_at: self.created_at,
            revoked_at: self.revoked_at,
        })
    }
}

/// Declarations of a person that touch a range of days, revoked ones too.
pub async fn of_person(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<EntryRow>> {
    q.all(
        sql!(
            "SELECT id, employee_id, kind, from_at, to_at, from_day, to_day, note, created_by, created_at, changed_at, revoked_at \
             FROM duty_entry WHERE tenant_id = $1 AND employee_id = $3 AND to_day >= $4 AND from_day <= $5 ORDER BY from_at, id"
        ),
        args![employee, from, to],
    )
    .await
}

db::row! {
    /// Leave or overtime in force.
    pub struct Entry { id: Uuid, employee_id: Uuid, kind: String, from_at: Micros, to_at: Micros }
}

/// Leave and overtime in force that touch a range of days: of one person whatever the reach, or of everybody in reach.
pub async fn between(
    q: &mut impl Query,
    person: Option<Uuid>,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<Entry>> {
    match person {
        Some(id) => {
            q.all(
                sql!(
                    "SELECT d.id, d.employee_id, d.kind, d.from_at, d.to_at FROM duty_entry d WHERE d.tenant_id = $1 AND d.employee_id = $3 \
                     AND d.to_day >= $4 AND d.from_day <= $5 AND d.kind <> 'private' AND d.revoked_at IS NULL AND d.to_at IS NOT NULL \
                     ORDER BY d.from_at, d.id"
                ),
                args![id, from, to],
            )
            .await
        }
        None => {
            q.all(
                sql!(
                    "SELECT d.id, d.employee_id, d.kind, d.from_at, d.to_at FROM duty_entry d \
                     JOIN person e ON e.tenant_id = d.tenant_id AND e.id = d.employee_id WHERE d.tenant_id = $1 AND {reach:e} \
                     AND d.to_day >= $3 AND d.from_day <= $4 AND d.kind <> 'private' AND d.revoked_at IS NULL AND d.to_at IS NOT NULL \
                     ORDER BY d.from_at, d.id"
                ),
                args![from, to],
            )
            .await
        }
    }
}

/// The same as they are shown.
pub async fn find(
    q: &mut impl Query,
    employee: Uuid,
    from: LocalDay,
    to: LocalDay,
) -> Result<Vec<DutyEntry>> {
    let mut shown = vec![];
    for row in of_person(q, employee, from, to).await? {
        shown.push(row.shown(q).await?);
    }
    Ok(shown)
}

pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<EntryRow>> {
    q.one(
        sql!(
            "SELECT id, employee_id, kind, from_at, to_at, from_day, to_day, note, created_by, created_at, changed_at, revoked_at \
             FROM duty_entry WHERE tenant_id = $1 AND id = $3"
        ),
        args![id],
    )
    .await
}

/// Private trips of a person that go on.
pub async fn open(q: &mut impl Query, employee: Uuid) -> Result<Vec<EntryRow>> {
    q.all(
        sql!(
            "SELECT id, employee_id, kind, from_at, to_at, from_day, to_day, note, created_by, created_at, changed_at, revoked_at \
             FROM duty_entry WHERE tenant_id = $1 AND employee_id = $3 AND kind = 'private' AND to_at IS NULL AND revoked_at IS NULL"
        ),
        args![employee],
    )
    .await
}

pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    new: &NewEntry,
    from_day: LocalDay,
    to_day: LocalDay,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO duty_entry (tenant_id, id, employee_id, kind, from_at, to_at, from_day, to_day, note, created_by, created_at, \
             changed_at) VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $2, $11, $11)"
        ),
        args![
            id,
            new.employee,
            new.kind.key(),
            new.from,
            new.to,
            from_day,
            to_day,
            &new.note,
            tx.now()
        ],
    )
    .await
}

/// Ends a trip. What lies behind the end was taken out already where it was stored, and is recorded from now on.
pub async fn end(tx: &mut Tx, id: Uuid, at: Micros) -> Result<u64> {
    tx.exec(
        sql!("UPDATE duty_entry SET to_at = $4, changed_at = $5, swept_at = NULL WHERE tenant_id = $1 AND id = $3"),
        args![id, at, tx.now()],
    )
    .await
}

pub async fn revoke(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE duty_entry SET revoked_at = $4, changed_at = $4 WHERE tenant_id = $1 AND id = $3"),
        args![id, tx.now()],
    )
    .await
}

db::row! { pub struct Unswept { id: Uuid, employee_id: Uuid, from_day: LocalDay, to_day: LocalDay, changed_at: Micros } }

/// Declarations whose time may still hold stored positions.
pub async fn unswept(q: &mut impl Query) -> Result<Vec<Unswept>> {
    q.all(
        sql!(
            "SELECT id, employee_id, from_day, to_day, changed_at FROM duty_entry WHERE tenant_id = $1 AND swept_at IS NULL \
             AND revoked_at IS NULL AND kind <> 'overtime' ORDER BY id"
        ),
        vec![],
    )
    .await
}

/// Notes that nothing stored lies in a declaration any more, as it was at `seen`.
pub async fn swept(tx: &mut Tx, id: Uuid, seen: Micros) -> Result<u64> {
    tx.exec(
        sql!("UPDATE duty_entry SET swept_at = $4 WHERE tenant_id = $1 AND id = $3 AND changed_at = $5"),
        args![id, tx.now(), seen],
    )
    .await
}

db::row! { struct Changed { employee_id: Uuid, changed_at: Micros } }

/// Latest change of what was declared for a day, by person.
pub async fn changes_on(q: &mut impl Query, day: LocalDay) -> Result<BTreeMap<Uuid, Micros>> {
    let rows: Vec<Changed> = q
        .all(
            sql!(
                "SELECT employee_id, CAST(MAX(changed_at) AS BIGINT) AS changed_at FROM duty_entry \
                 WHERE tenant_id = $1 AND from_day <= $3 AND to_day >= $3 GROUP BY employee_id"
            ),
            args![day],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.employee_id, r.changed_at)).collect())
}
